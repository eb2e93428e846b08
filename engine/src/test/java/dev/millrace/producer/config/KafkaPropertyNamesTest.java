package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.LongSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertyNamesTest {

    @Test
    void readsAPropertiesFile() {
        Properties defaults = new Properties();
        defaults.setProperty("client.id", "orders");
        Properties properties = new Properties(defaults);
        properties.setProperty("bootstrap.servers", " a:1 , b:2 ");
        properties.setProperty("linger.ms", " 20 ");
        properties.setProperty("acks", "1");
        properties.setProperty("partitioner.ignore.keys", "true");
        properties.setProperty("buffer.memory", "67108864");
        properties.setProperty("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.put("value.serializer", LongSerializer.class);

        ProducerSettings<String, Long> settings = KafkaPropertyNames.read(properties);

        assertThat(settings.keySerializer()).isSameAs(Serializers.string());
        assertThat(settings.valueSerializer()).isSameAs(Serializers.longs());
        ProducerConfig config = settings.config();
        assertThat(config.clientId()).isEqualTo("orders");
        assertThat(config.bootstrapServers()).containsExactly(new HostAndPort("a", 1), new HostAndPort("b", 2));
        assertThat(config.batching()).isEqualTo(new BatchingConfig(Duration.ofMillis(20), 16_384, 64L << 20));
        assertThat(config.delivery().acks()).isEqualTo(Acks.LEADER);
        assertThat(config.partitioning().ignoreKeys()).isTrue();
        assertThat(config.origin(Setting.RETRIES)).isEqualTo(Origin.DEFAULT);
    }

    @Test
    void takesValuesThatHaveTheTypeOfTheSetting() {
        Serializer<String> mine = (topic, data) -> new byte[0];
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                List.of("a:1", "b:2"),
                "linger.ms",
                20L,
                "retry.backoff.ms",
                7,
                "max.block.ms",
                Duration.ofSeconds(1),
                "batch.size",
                1_000,
                "enable.idempotence",
                false,
                "acks",
                -1,
                "key.serializer",
                mine,
                "value.serializer",
                "voids"));

        ProducerSettings<String, Void> settings = KafkaPropertyNames.read(properties);

        assertThat(settings.keySerializer()).isSameAs(mine);
        assertThat(settings.config().bootstrapServers()).hasSize(2);
        assertThat(settings.config().batching().linger()).isEqualTo(Duration.ofMillis(20));
        assertThat(settings.config().delivery().retryBackoff()).isEqualTo(Duration.ofMillis(7));
        assertThat(settings.config().delivery().maxBlock()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.config().delivery().acks()).isEqualTo(Acks.ALL);
    }

    @Test
    void takesSerializersBesideTheProperties() {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", "a:1");

        assertThat(KafkaPropertyNames.read(properties, Serializers.uuid(), Serializers.bytes())
                        .keySerializer())
                .isSameAs(Serializers.uuid());

        properties.setProperty("key.serializer", "uuid");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> KafkaPropertyNames.read(properties, Serializers.uuid(), Serializers.bytes()))
                .withMessageEndingWith("key.serializer: a serializer is given as an object, too; remove this property"
                        + " or that argument");
    }

    @ParameterizedTest
    @EnumSource
    void readsEachSettingUnderItsName(Setting setting) {
        Map<String, @Nullable Object> properties = minimal();
        String text = ValueText.of(setting, setting.defaultValue()).replaceAll(" .*", "");
        properties.put(
                setting.kafkaName(),
                switch (setting) {
                    case BOOTSTRAP_SERVERS -> "a:1";
                    case TRANSACTIONAL_ID -> "orders-1";
                    case SASL_LOGIN_REFRESH_MIN_PERIOD, SASL_LOGIN_REFRESH_BUFFER -> "60"; // seconds
                    default -> text;
                });

        if (setting == Setting.TLS_KEY_STORE_KEY || setting == Setting.TLS_KEY_STORE_CHAIN) { // go together
            properties.put("ssl.keystore.key", "text");
            properties.put("ssl.keystore.certificate.chain", "text");
        }

        ProducerConfig config = KafkaPropertyNames.read(properties).config();

        assertThat(config.origin(setting)).isEqualTo(Origin.USER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linger.ms | 5s | app.producer.linger (linger.ms)=5s: must be a whole number of milliseconds between 0"
                        + " and 3153600000000",
                "batch.size | 16KB | app.producer.batch-size (batch.size)=16KB: must be a whole number of bytes between"
                        + " 0 and 2147483647",
                "retries | 1.5 | app.producer.retries (retries)=1.5: must be a whole number between 0 and 2147483647",
                "retries | 2147483648 | app.producer.retries (retries)=2147483648: must be at most 2147483647",
                "enable.idempotence | yes | app.producer.idempotence (enable.idempotence)=yes: must be true or false",
                "acks | 2 | app.producer.acks (acks)=2: must be all, -1, 1 or 0",
                "linger | 5 | linger: is not a known setting; did you mean linger.ms",
                "bootstrap-servers | a:1 | bootstrap-servers: is not a known setting; did you mean bootstrap.servers",
                "ssl.keystore.pasword | hunter2 | ssl.keystore.pasword: is not a known setting; did you mean"
                        + " ssl.keystore.password",
                "app.producer.linger | 5 | app.producer.linger: is the name in a Spring environment; write linger.ms",
                "com.example.my.own.thing | x | com.example.my.own.thing: is not a known setting; remove it",
                "x | y | x: is not a known setting; remove it",
                "sasl.jaas.config | hunter2 | sasl.jaas.config: has not a flag such as required where it must be"
                        + " (character 8)",
                "transaction.two.phase.commit.enable | true | transaction.two.phase.commit.enable: two-phase commit"
                        + " (KIP-939) is not finished in Kafka; remove it",
                "transactional.id | ' ' | app.producer.transaction.id-prefix (transactional.id): must not be blank;"
                        + " leave it out for a producer without transactions",
                "transaction.timeout.ms | 0 | app.producer.transaction.timeout (transaction.timeout.ms)=0 ms: must be"
                        + " at least 1 ms",
                "compression.type | zip | app.producer.compression.type (compression.type)=zip: must be one of none,"
                        + " gzip, snappy, lz4, zstd",
                "partitioner.class | a.B | app.producer.partitioner.type (partitioner.class)=a.B: must be one of"
                        + " default, round-robin, consistent-random, murmur2-random, fnv1a",
                "interceptor.classes | a.B | interceptor.classes=a.B: classes are not loaded by name; give objects that"
                        + " are a dev.millrace.producer.interceptor.ProducerInterceptor",
                "metric.reporters | a.B | metric.reporters: Kafka's metrics do not exist here; remove it",
                "client.dns.lookup | x | app.producer.dns-lookup (client.dns.lookup)=x: must be one of use_all_dns_ips,"
                        + " resolve_canonical_bootstrap_servers_only"
            })
    void refusesWithTheReasonAndWithoutSecrets(String name, String value, String message) {
        Map<String, @Nullable Object> properties = minimal();
        properties.put(name, value);

        assertThat(violationsOf(properties)).extracting(Violation::toString).containsExactly(message);
    }

    @Test
    void takesPartitionerAndInterceptorsAsObjects() {
        Partitioner<Object, Object> partitioner = (record, topic) -> 0;
        ProducerInterceptor<String, String> first = new ProducerInterceptor<>() {};
        ProducerInterceptor<String, String> second = new ProducerInterceptor<>() {};
        Map<String, @Nullable Object> properties = minimal();
        properties.put("partitioner.class", partitioner);
        properties.put("interceptor.classes", List.of(first, second));

        ProducerSettings<String, String> settings = KafkaPropertyNames.read(properties);

        assertThat(settings.partitioner()).isSameAs(partitioner);
        assertThat(settings.interceptors()).containsExactly(first, second);
        assertThat(settings.config().partitioning().type()).isEqualTo(PartitionerType.DEFAULT);
        properties.put("interceptor.classes", first);
        assertThat(KafkaPropertyNames.<String, String>read(properties).interceptors())
                .containsExactly(first);
    }

    @Test
    void refusesNullAndForeignTypes() {
        Map<String, @Nullable Object> properties = minimal();
        properties.put("linger.ms", null);
        properties.put("client.id", Duration.ZERO);
        properties.put("max.block.ms", 1.5);

        assertThat(violationsOf(properties))
                .extracting(Violation::toString)
                .containsExactly(
                        "app.producer.client-id (client.id)=PT0S: must be text or have the type of the setting, not"
                                + " java.time.Duration",
                        "app.producer.linger (linger.ms): has no value; give one or remove it",
                        "app.producer.max-block (max.block.ms)=1.5: must be text or have the type of the setting, not"
                                + " java.lang.Double");
    }

    @Test
    void namesTheSerializersItKnows() {
        Map<String, @Nullable Object> properties = new HashMap<>(Map.of("bootstrap.servers", "a:1"));
        properties.put("value.serializer", "com.example.OrderSerializer");

        String remedy = "give a dev.millrace.producer.serialization.Serializer or one of these names: string,"
                + " bytes, byteBuffer, shorts, integers, longs, floats, doubles, uuid, voids, or the name of Kafka's"
                + " class with the same bytes, such as StringSerializer";
        assertThat(violationsOf(properties))
                .extracting(Violation::toString)
                .containsExactly(
                        "key.serializer: is missing; " + remedy,
                        "value.serializer=com.example.OrderSerializer: is not known, and classes are not loaded by"
                                + " name; " + remedy);
    }

    @Test
    void refusesAnInstanceOfKafkasSerializer() {
        Map<String, @Nullable Object> properties = minimal();
        try (LongSerializer foreign = new LongSerializer()) {
            properties.put("key.serializer", foreign);

            assertThat(violationsOf(properties))
                    .extracting(Violation::value)
                    .containsExactly("an instance of org.apache.kafka.common.serialization.LongSerializer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "String",
                "ByteArray",
                "ByteBuffer",
                "Short",
                "Integer",
                "Long",
                "Float",
                "Double",
                "UUID",
                "Void"
            })
    void knowsKafkasSerializersWithAndWithoutPackage(String type) throws ClassNotFoundException {
        String name = type + "Serializer";
        String fullName = "org.apache.kafka.common.serialization." + name;

        assertThat(SerializerValues.find(Class.forName(fullName)))
                .isNotNull()
                .isSameAs(SerializerValues.find(name))
                .isSameAs(SerializerValues.find(fullName));
    }

    @Test
    void reportsUnreadableTextTogetherWithBrokenRules() {
        Map<String, @Nullable Object> properties = minimal();
        properties.put("linger.ms", "soon");
        properties.put("delivery.timeout.ms", "1");
        properties.put("retry.backoff.ms", "5000");
        properties.put("bootstrap.servers", "");

        List<String> blamed = new ArrayList<>();
        violationsOf(properties).forEach(violation -> blamed.add(violation.setting()));

        // the rule about the delivery timeout cannot be judged without a linger
        assertThat(blamed)
                .containsExactly(
                        Setting.LINGER.toString(),
                        Setting.BOOTSTRAP_SERVERS.toString(),
                        Setting.RETRY_BACKOFF.toString());
    }

    @Test
    void hasAWordForEveryNameOfTheReference() {
        Set<String> ours = new TreeSet<>(KnownNames.WITHOUT_SETTING.keySet());
        for (Setting setting : Setting.values()) {
            assertThat(ours.add(setting.kafkaName())).as(setting.kafkaName()).isTrue();
        }
        ours.addAll(List.of("key.serializer", "value.serializer", "interceptor.classes"));
        ours.addAll(KafkaSaslNames.ALL);
        ours.removeAll(SettingTest.NOT_IN_THE_REFERENCE.keySet());

        assertThat(ours).isEqualTo(new TreeSet<>(org.apache.kafka.clients.producer.ProducerConfig.configNames()));
    }

    private static Map<String, @Nullable Object> minimal() {
        return new HashMap<>(
                Map.of("bootstrap.servers", "a:1", "key.serializer", "string", "value.serializer", "string"));
    }

    private static List<Violation> violationsOf(Map<String, ? extends @Nullable Object> properties) {
        try {
            KafkaPropertyNames.read(properties);
        } catch (ConfigException refusal) {
            return refusal.violations();
        }
        return List.of();
    }
}
