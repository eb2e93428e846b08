package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {

    private static final ConfigDef REFERENCE = org.apache.kafka.clients.producer.ProducerConfig.configDef();

    /** Kafka's names that kafka-clients 4.3 does not have, with the reason for having them all the same. */
    static final Map<String, String> NOT_IN_THE_REFERENCE = Map.of(
            "bootstrap.resolve.timeout.ms", "KIP-909, in Kafka after 4.3; late DNS at start is a common failure",
            "client.rack", "KIP-1123, in Kafka's producer after 4.3; needed for partitioner.rack.aware",
            "partitioner.rack.aware", "KIP-1123, in Kafka after 4.3; saves traffic between zones");

    /** Settings whose default differs from the reference's, with the reason. */
    private static final Map<Setting, String> ANOTHER_DEFAULT = Map.of(
            Setting.SASL_MECHANISM, "the reference has GSSAPI, which is used by few; ours is none",
            Setting.SASL_KERBEROS_SERVICE_NAME, "the reference has null for none",
            Setting.BOOTSTRAP_SERVERS, "the reference has an empty default that it refuses",
            Setting.CLIENT_ID, "an empty name is no help in logs; ours is numbered",
            Setting.TRANSACTIONAL_ID, "the reference has null for none; ours is empty, and an empty one is refused",
            Setting.PARTITIONER, "the reference has null for the built-in one; ours has a name");

    @ParameterizedTest
    @EnumSource
    void existsInTheReference(Setting setting) {
        assertThat(REFERENCE.configKeys().containsKey(setting.kafkaName()))
                .isNotEqualTo(NOT_IN_THE_REFERENCE.containsKey(setting.kafkaName()));
        assertThat(Setting.withKafkaName(setting.kafkaName())).isSameAs(setting);
    }

    @ParameterizedTest
    @EnumSource
    void hasTheDefaultOfTheReference(Setting setting) {
        assumeFalse(NOT_IN_THE_REFERENCE.containsKey(setting.kafkaName()));
        assumeFalse(ANOTHER_DEFAULT.containsKey(setting));
        Object reference = REFERENCE.defaultValues().get(setting.kafkaName());
        boolean isNoneInBoth = reference == null && setting.defaultValue().equals("");
        assumeFalse(isNoneInBoth);

        assertThat(ValueParser.parse(setting, reference)).isEqualTo(setting.defaultValue());
    }

    @ParameterizedTest
    @EnumSource
    void hasAnOrdinarySpringName(Setting setting) {
        assertThat(setting.springName()).matches("app\\.producer\\.[a-z]+([.-][a-z0-9]+)*");
    }

    @Test
    void hasNoNameTwice() {
        assertThat(Stream.of(Setting.values()).map(Setting::kafkaName)).doesNotHaveDuplicates();
        assertThat(Stream.of(Setting.values()).map(Setting::springName)).doesNotHaveDuplicates();
    }

    @Test
    void namesItselfInBothWorlds() {
        assertThat(Setting.LINGER).hasToString("app.producer.linger (linger.ms)");
    }

    @Test
    void showsValuesWithTheirUnit() {
        assertThat(ValueText.of(Setting.LINGER, Duration.ofMillis(5))).isEqualTo("5 ms");
        assertThat(ValueText.of(Setting.LINGER, Duration.ofNanos(500_000))).isEqualTo("500000 ns");
        assertThat(ValueText.of(Setting.LINGER, Duration.ofSeconds(Long.MAX_VALUE, 1)))
                .startsWith("PT");
        assertThat(ValueText.of(Setting.BATCH_SIZE, 16_384L)).isEqualTo("16384 B");
        assertThat(ValueText.of(Setting.Kind.SECRET, "hunter2")).isEqualTo(ValueText.MASK);
    }

    @Test
    void readsChoicesLeniently() {
        assertThat(Compression.parse(" ZSTD ")).isEqualTo(Compression.ZSTD);
        assertThat(DnsLookup.parse("use-all-dns-ips")).isEqualTo(DnsLookup.USE_ALL_DNS_IPS);
        assertThat(DnsLookup.parse("use_all_dns_ips")).isEqualTo(DnsLookup.USE_ALL_DNS_IPS);
        assertThat(MetadataRecovery.parse("REBOOTSTRAP")).isEqualTo(MetadataRecovery.REBOOTSTRAP);
        assertThat(PartitionerType.parse(RoundRobinPartitioner.class.getName())).isEqualTo(PartitionerType.ROUND_ROBIN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Compression.parse("zip"))
                .withMessage("must be one of none, gzip, snappy, lz4, zstd");
    }

    @ParameterizedTest
    @EnumSource
    void numbersCodecsAsTheReferenceDoes(Compression compression) {
        assertThat(CompressionType.forId(compression.id()).name).isEqualTo(compression.toString());
    }

    @Test
    void acksAreReadLeniently() {
        assertThat(Stream.of("all", "-1", " ALL ", "1", "0").map(Acks::parse))
                .containsExactly(Acks.ALL, Acks.ALL, Acks.ALL, Acks.LEADER, Acks.NONE);
        assertThat(Stream.of(Acks.values()).map(Acks::code)).containsExactly((short) 0, (short) 1, (short) -1);
    }
}
