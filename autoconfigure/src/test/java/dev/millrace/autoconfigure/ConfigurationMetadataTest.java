package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.LoggingProducerListener;
import dev.millrace.spring.TransactionSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.Yaml;

/** What tools show of the properties, against the engine's table. */
class ConfigurationMetadataTest {

    private static final String PREFIX = "app.producer.";
    private static final String ENDPOINT = "management.endpoint.producers.";

    /** Keys of the Spring layer, which the engine knows nothing of. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "app.producer.enabled",
            "app.producer.default-producer.enabled",
            "app.producer.key-serializer",
            "app.producer.value-serializer",
            "app.producer.close-timeout",
            "app.producer.properties",
            "app.producer.unknown-keys",
            "app.producer.ssl.bundle",
            "app.producer.ssl.reload",
            "app.producer.sasl.username",
            "app.producer.sasl.password",
            "app.producer.sasl.oauth.token-uri",
            "app.producer.sasl.oauth.client-id",
            "app.producer.sasl.oauth.client-secret",
            "app.producer.sasl.oauth.scope",
            "app.producer.sasl.oauth.extensions",
            "app.producer.sasl.oauth.client-authentication",
            "app.producer.sasl.oauth.connect-timeout",
            "app.producer.sasl.oauth.read-timeout",
            "app.producer.sasl.oauth.ssl-bundle",
            "app.producer.sasl.oauth.registration",
            "app.producer.template.allow-non-transactional",
            "app.producer.fail-fast",
            "app.producer.startup-timeout",
            "app.producer.undelivered-records.file",
            "app.producer.json.type-headers",
            "app.producer.json.type-names",
            "app.producer.template.default-topic",
            "app.producer.template.callback-executor",
            "app.producer.template.log-failures",
            "app.producer.template.log-content",
            "app.producer.template.log-content-max-length",
            "app.producer.template.observation-enabled",
            "app.producer.metrics.enabled",
            "app.producer.metrics.tags",
            "app.producer.metrics.per-topic",
            "app.producer.health.max-silence",
            "app.producer.health.max-batch-age",
            "app.producer.health.buffer-threshold",
            "app.producer.transaction.enabled",
            "app.producer.transaction.instance-id",
            "app.producer.transaction.max-producers",
            "app.producer.transaction.acquire-timeout",
            "app.producer.transaction.producer-max-age",
            "app.producer.transaction.producer-max-idle",
            "app.producer.transaction.synchronization",
            "app.producer.transaction.flush-before-commit",
            "app.producer.transaction.flush-timeout",
            "app.producer.transaction.commit-timeout",
            "app.producer.transaction.two-phase-commit",
            "app.producer.dev-broker.enabled",
            "app.producer.dev-broker.nodes");

    private final Map<String, Object> metadata = read();
    private final Map<String, Map<String, Object>> properties = byName("properties");
    private final ProducerConfig defaults =
            ProducerConfig.builder().bootstrapServers("localhost:9092").build();

    @Test
    void hasEverySettingAndNothingElse() {
        Set<String> expected = Stream.of(Setting.values())
                .filter(setting -> !isInBundles(setting))
                .map(Setting::springName)
                .collect(Collectors.toCollection(TreeSet::new));
        expected.addAll(NOT_SETTINGS);

        assertThat(properties.keySet()).isEqualTo(expected);
    }

    @Test
    void describesEveryKey() {
        assertThat(properties).allSatisfy((name, property) -> {
            assertThat(name).startsWith(PREFIX);
            assertThat(property.get("type")).as("type").isNotNull();
            assertThat(String.valueOf(property.get("description")))
                    .matches("[A-Z].*\\.")
                    .doesNotContainIgnoringCase("default")
                    .doesNotStartWith("The ")
                    .doesNotStartWith("A ");
            if ("java.lang.Boolean".equals(property.get("type"))) {
                assertThat(String.valueOf(property.get("description"))).startsWith("Whether");
            }
        });
    }

    /** Keys and authorities, and what goes with them, are in SSL bundles. */
    static boolean isInBundles(Setting setting) {
        return setting.name().startsWith("TLS_") && setting != Setting.TLS_ENDPOINT_IDENTIFICATION;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "TLS_(?!ENDPOINT).*")
    void showsTheEnginesDefault(Setting setting) {
        Object shown = property(setting.springName()).get("defaultValue");
        switch (setting) {
            case BOOTSTRAP_SERVERS -> assertThat(shown).isEqualTo(List.of("localhost:9092"));
            case CLIENT_ID -> assertThat(shown).as("depends on the application").isNull();
            default ->
                assertThat(asShownByTheEngine(setting, shown) + " [default]")
                        .isEqualTo(ProducerPropertiesTest.lineOf(defaults, setting));
        }
    }

    @Test
    void showsTheSpringLayersDefaults() {
        assertThat(property("app.producer.enabled").get("defaultValue")).isEqualTo(true);
        assertThat(property("app.producer.dev-broker.enabled").get("defaultValue"))
                .isEqualTo(true);
        assertThat(number(property("app.producer.dev-broker.nodes").get("defaultValue")))
                .isEqualTo(new DevBrokerProperties().getNodes());
        assertThat(DurationStyle.detectAndParse(
                        String.valueOf(property("app.producer.close-timeout").get("defaultValue"))))
                .isEqualTo(DefaultProducerFactory.DEFAULT_CLOSE_TIMEOUT);
        assertThat(property("app.producer.key-serializer").get("defaultValue")).isNull();
        assertThat(DurationStyle.detectAndParse(
                        String.valueOf(property("app.producer.startup-timeout").get("defaultValue"))))
                .isEqualTo(FactoryLifecycle.DEFAULT_STARTUP_TIMEOUT);
        assertThat(number(
                        property("app.producer.template.log-content-max-length").get("defaultValue")))
                .isEqualTo(LoggingProducerListener.DEFAULT_MAX_CONTENT_LENGTH);
        assertThat(property("app.producer.unknown-keys").get("defaultValue")).isEqualTo("warn");
        assertThat(SslReload.parse(
                        String.valueOf(property("app.producer.ssl.reload").get("defaultValue"))))
                .isEqualTo(SslReload.parse(null));
        assertThat(property("app.producer.sasl.oauth.client-authentication").get("defaultValue"))
                .isEqualTo("basic");
        for (String timeout : List.of("connect-timeout", "read-timeout")) {
            assertThat(DurationStyle.detectAndParse(String.valueOf(
                            property("app.producer.sasl.oauth." + timeout).get("defaultValue"))))
                    .isEqualTo(TokenEndpoint.DEFAULT_TIMEOUT);
        }
    }

    @Test
    void showsTheDefaultsOfObservability() {
        assertThat(property("app.producer.template.observation-enabled").get("defaultValue"))
                .isEqualTo(false);
        assertThat(property("app.producer.metrics.enabled").get("defaultValue")).isEqualTo(true);
        assertThat(property("app.producer.metrics.per-topic").get("defaultValue"))
                .isEqualTo(false);
        assertThat(property("app.producer.health.buffer-threshold").get("defaultValue"))
                .isEqualTo(0.95);
        assertThat(property("app.producer.health.max-silence").get("defaultValue"))
                .as("depends on metadata.max-age")
                .isNull();
        assertThat(property("app.producer.health.max-batch-age").get("defaultValue"))
                .as("depends on delivery-timeout")
                .isNull();
    }

    @Test
    void showsTheDefaultsOfTransactions() {
        TransactionSettings settings = TransactionSettings.builder("any").build();
        Map<String, Object> expected = new TreeMap<>();
        expected.put("timeout", settings.timeout());
        expected.put("max-producers", settings.maxProducers());
        expected.put("acquire-timeout", settings.acquireTimeout());
        expected.put("producer-max-age", settings.producerMaxAge());
        expected.put("producer-max-idle", settings.producerMaxIdle());
        expected.put("synchronization", settings.synchronization().name().toLowerCase(Locale.ROOT));
        expected.put("flush-before-commit", settings.flushBeforeCommit());
        expected.put("flush-timeout", settings.flushTimeout());
        expected.put("two-phase-commit", false);

        expected.forEach((name, value) -> {
            Object shown = property("app.producer.transaction." + name).get("defaultValue");
            assertThat(value instanceof Duration ? DurationStyle.detectAndParse(String.valueOf(shown)) : shown)
                    .as(name)
                    .isEqualTo(value);
        });
        assertThat(property("app.producer.transaction.enabled").get("defaultValue"))
                .as("depends on the prefix")
                .isNull();
        assertThat(property("app.producer.transaction.commit-timeout").get("defaultValue"))
                .as("depends on max-block")
                .isNull();
        assertThat(property("app.producer.template.allow-non-transactional").get("defaultValue"))
                .isEqualTo(false);
    }

    @Test
    void hasATypeForEachKind() {
        for (Setting setting : Setting.values()) {
            if (isInBundles(setting)) {
                continue;
            }
            String expected =
                    switch (setting.kind()) {
                        case DURATION -> "java.time.Duration";
                        case BYTES -> "org.springframework.util.unit.DataSize";
                        case INT -> "java.lang.Integer";
                        case FRACTION -> "java.lang.Double";
                        case BOOLEAN -> "java.lang.Boolean";
                        case TEXT, SECRET, CHOICE -> "java.lang.String";
                        case LIST -> "java.util.List<java.lang.String>";
                    };
            assertThat(property(setting.springName()).get("type"))
                    .as(setting.springName())
                    .isEqualTo(expected);
        }
    }

    @Test
    void hintsAtValues() {
        Map<String, Map<String, Object>> hints = byName("hints");

        assertThat(hints.keySet())
                .containsExactly(
                        "app.producer.acks",
                        "app.producer.compression.type",
                        "app.producer.dns-lookup",
                        "app.producer.key-serializer",
                        "app.producer.metadata.recovery-strategy",
                        "app.producer.partitioner.type",
                        "app.producer.sasl.mechanism",
                        "app.producer.sasl.oauth.client-authentication",
                        "app.producer.security.protocol",
                        "app.producer.ssl.endpoint-identification",
                        "app.producer.ssl.reload",
                        "app.producer.template.callback-executor",
                        "app.producer.transaction.synchronization",
                        "app.producer.unknown-keys",
                        "app.producer.value-serializer");
        assertThat(String.valueOf(hints.get("app.producer.acks"))).contains("all", "1", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {ProducerSerializers.KEY_PROPERTY, ProducerSerializers.VALUE_PROPERTY})
    @SuppressWarnings("unchecked") // the shape of Boot's metadata file
    void hintsAtTheBuiltInSerializersAndAtClasses(String property) {
        Map<String, Object> hint = byName("hints").getOrDefault(property, Map.of());

        assertThat(property(property).get("type")).isEqualTo("java.lang.String");
        assertThat((List<Map<String, Object>>) hint.getOrDefault("values", List.of()))
                .extracting(value -> value.get("value"))
                .containsExactlyElementsOf(Stream.concat(Serializers.names().stream(), Stream.of(JsonSupport.NAME))
                        .toList());
        assertThat((List<Map<String, Object>>) hint.getOrDefault("providers", List.of()))
                .containsExactly(
                        Map.of("name", "class-reference", "parameters", Map.of("target", Serializer.class.getName())),
                        Map.of("name", "any"));
    }

    private static String asShownByTheEngine(Setting setting, @Nullable Object shown) {
        String text = String.valueOf(shown);
        return switch (setting.kind()) {
            case DURATION -> {
                Duration duration = DurationStyle.detectAndParse(text);
                yield duration.toMillis() + " ms";
            }
            case BYTES -> DataSize.parse(text).toBytes() + " B";
            default -> text;
        };
    }

    private static int number(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : -1;
    }

    /** The names of all properties that begin like this. */
    static Set<String> propertiesBelow(String prefix) {
        return new ConfigurationMetadataTest()
                .properties.keySet().stream()
                        .filter(name -> name.startsWith(prefix))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What tools show of one property. */
    static Map<String, Object> metadataOf(String name) {
        return new ConfigurationMetadataTest().property(name);
    }

    private Map<String, Object> property(String name) {
        Map<String, Object> property = properties.get(name);
        if (property == null) {
            throw new AssertionError("no metadata for " + name);
        }
        return property;
    }

    @SuppressWarnings("unchecked") // the shape of Boot's metadata file
    private Map<String, Map<String, Object>> byName(String section) {
        Map<String, Map<String, Object>> byName = new TreeMap<>();
        for (Map<String, Object> item : (List<Map<String, Object>>) metadata.getOrDefault(section, List.of())) {
            String name = String.valueOf(item.get("name"));
            if (!name.startsWith(ENDPOINT)) { // those that every endpoint has, which Boot describes
                byName.put(name, item);
            }
        }
        return byName;
    }

    /** JSON is YAML, too. */
    private static Map<String, Object> read() {
        try {
            return new Yaml()
                    .load(new ClassPathResource("META-INF/spring-configuration-metadata.json")
                            .getContentAsString(UTF_8));
        } catch (IOException cause) {
            throw new AssertionError("no metadata was generated", cause);
        }
    }
}
