package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.errors.Recovery;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProducerConfigTest {

    @Test
    void needsNothingButBootstrapServers() {
        ProducerConfig config = aConfig().build();

        assertThat(config.bootstrapServers()).containsExactly(new HostAndPort("broker", 9092));
        assertThat(config.clientId()).matches("millrace-producer-[0-9]+");
        assertThat(config.delivery())
                .isEqualTo(new DeliveryConfig(
                        Acks.ALL,
                        Integer.MAX_VALUE,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        5,
                        true,
                        1_048_576));
        assertThat(config.batching()).isEqualTo(new BatchingConfig(Duration.ofMillis(5), 16_384, 33_554_432));
        assertThat(config.partitioning())
                .isEqualTo(new PartitioningConfig(PartitionerType.DEFAULT, false, true, Duration.ZERO, false));
        assertThat(config.network())
                .isEqualTo(new NetworkConfig(
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(9),
                        131_072,
                        32_768,
                        DnsLookup.USE_ALL_DNS_IPS));
        assertThat(config.metadata())
                .isEqualTo(new MetadataConfig(
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        MetadataRecovery.REBOOTSTRAP,
                        Duration.ofMinutes(5),
                        Duration.ZERO));
        assertThat(config.compression()).isEqualTo(new CompressionConfig(Compression.NONE, -1, 9, 3));
        assertThat(config.compression().level()).isZero();
        assertThat(config.telemetry()).isEqualTo(new TelemetryConfig(true));
        assertThat(config.security()).isEqualTo(new SecurityConfig(SecurityProtocol.PLAINTEXT, null, null));
        assertThat(config.transaction()).isEqualTo(new TransactionConfig(null, Duration.ofSeconds(60)));
        assertThat(config.clientRack()).isEmpty();
        assertThat(config.derivations()).isEmpty();
    }

    @Test
    void takesEverySettingFromTheBuilder() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("a:1, b:2", "a:1")
                .bootstrapResolveTimeout(Duration.ofMillis(20))
                .clientId("orders")
                .clientRack("a")
                .dnsLookup(DnsLookup.RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY)
                .acks(Acks.ALL)
                .retries(7)
                .retryBackoff(Duration.ofMillis(1))
                .retryBackoffMax(Duration.ofMillis(2))
                .deliveryTimeout(Duration.ofMillis(40))
                .requestTimeout(Duration.ofMillis(3))
                .maxBlock(Duration.ofMillis(4))
                .maxInFlight(3)
                .idempotence(true)
                .maxRequestSize(8)
                .transactionalId("orders-1")
                .transactionTimeout(Duration.ofMillis(41))
                .linger(Duration.ofMillis(9))
                .batchSize(10)
                .bufferMemory(11)
                .compression(Compression.LZ4)
                .compressionGzipLevel(1)
                .compressionLz4Level(2)
                .compressionZstdLevel(-3)
                .partitioner(PartitionerType.FNV1A)
                .partitionerIgnoreKeys(true)
                .partitionerAdaptive(false)
                .partitionerAvailabilityTimeout(Duration.ofMillis(21))
                .partitionerRackAware(true)
                .connectionReconnectBackoff(Duration.ofMillis(12))
                .connectionReconnectBackoffMax(Duration.ofMillis(13))
                .connectionSetupTimeout(Duration.ofMillis(14))
                .connectionSetupTimeoutMax(Duration.ofMillis(15))
                .connectionMaxIdle(Duration.ofMillis(16))
                .connectionSendBuffer(17)
                .connectionReceiveBuffer(-1)
                .metadataMaxAge(Duration.ofMillis(18))
                .metadataMaxIdle(Duration.ofSeconds(19))
                .metadataRecovery(MetadataRecovery.NONE)
                .metadataRebootstrapTrigger(Duration.ofMillis(22))
                .telemetryPush(false)
                .build();

        assertThat(Stream.of(Setting.values())
                        .filter(setting -> !isAboutSecurity(setting))
                        .map(config::origin))
                .containsOnly(Origin.USER);
        assertThat(config.describe())
                .startsWith(
                        """
                        app.producer.bootstrap-servers (bootstrap.servers) = a:1,b:2,a:1 [user]
                        app.producer.bootstrap-resolve-timeout (bootstrap.resolve.timeout.ms) = 20 ms [user]
                        app.producer.client-id (client.id) = orders [user]
                        app.producer.client-rack (client.rack) = a [user]
                        app.producer.dns-lookup (client.dns.lookup) = resolve_canonical_bootstrap_servers_only [user]
                        app.producer.acks (acks) = all [user]
                        app.producer.retries (retries) = 7 [user]
                        app.producer.retry-backoff (retry.backoff.ms) = 1 ms [user]
                        app.producer.retry-backoff-max (retry.backoff.max.ms) = 2 ms [user]
                        app.producer.delivery-timeout (delivery.timeout.ms) = 40 ms [user]
                        app.producer.request-timeout (request.timeout.ms) = 3 ms [user]
                        app.producer.max-block (max.block.ms) = 4 ms [user]
                        app.producer.max-in-flight (max.in.flight.requests.per.connection) = 3 [user]
                        app.producer.idempotence (enable.idempotence) = true [user]
                        app.producer.max-request-size (max.request.size) = 8 B [user]
                        app.producer.transaction.id-prefix (transactional.id) = orders-1 [user]
                        app.producer.transaction.timeout (transaction.timeout.ms) = 41 ms [user]
                        app.producer.linger (linger.ms) = 9 ms [user]
                        app.producer.batch-size (batch.size) = 10 B [user]
                        app.producer.buffer-memory (buffer.memory) = 11 B [user]
                        app.producer.compression.type (compression.type) = lz4 [user]
                        app.producer.compression.gzip-level (compression.gzip.level) = 1 [user]
                        app.producer.compression.lz4-level (compression.lz4.level) = 2 [user]
                        app.producer.compression.zstd-level (compression.zstd.level) = -3 [user]
                        app.producer.partitioner.type (partitioner.class) = fnv1a [user]
                        app.producer.partitioner.ignore-keys (partitioner.ignore.keys) = true [user]
                        app.producer.partitioner.adaptive (partitioner.adaptive.partitioning.enable) = false [user]
                        app.producer.partitioner.availability-timeout (partitioner.availability.timeout.ms) = 21 ms [user]
                        app.producer.partitioner.rack-aware (partitioner.rack.aware) = true [user]
                        app.producer.connection.reconnect-backoff (reconnect.backoff.ms) = 12 ms [user]
                        app.producer.connection.reconnect-backoff-max (reconnect.backoff.max.ms) = 13 ms [user]
                        app.producer.connection.setup-timeout (socket.connection.setup.timeout.ms) = 14 ms [user]
                        app.producer.connection.setup-timeout-max (socket.connection.setup.timeout.max.ms) = 15 ms [user]
                        app.producer.connection.max-idle (connections.max.idle.ms) = 16 ms [user]
                        app.producer.connection.send-buffer (send.buffer.bytes) = 17 B [user]
                        app.producer.connection.receive-buffer (receive.buffer.bytes) = -1 B [user]
                        app.producer.metadata.max-age (metadata.max.age.ms) = 18 ms [user]
                        app.producer.metadata.max-idle (metadata.max.idle.ms) = 19000 ms [user]
                        app.producer.metadata.recovery-strategy (metadata.recovery.strategy) = none [user]
                        app.producer.metadata.rebootstrap-trigger (metadata.recovery.rebootstrap.trigger.ms) = 22 ms [user]
                        app.producer.telemetry.push (enable.metrics.push) = false [user]""");
        assertThat(config).hasToString(config.describe());
        assertThat(config.bootstrapServers()).containsExactly(new HostAndPort("a", 1), new HostAndPort("b", 2));
        assertThat(config.toBuilder().build().describe()).isEqualTo(config.describe());
        assertThat(config.transaction()).isEqualTo(new TransactionConfig("orders-1", Duration.ofMillis(41)));
        assertThat(config.delivery().maxInFlightRequests()).isEqualTo(3);
        assertThat(config.delivery().retries()).isEqualTo(7);
        assertThat(config.batching()).isEqualTo(new BatchingConfig(Duration.ofMillis(9), 10, 11));
        assertThat(config.network())
                .isEqualTo(new NetworkConfig(
                        Duration.ofMillis(12),
                        Duration.ofMillis(13),
                        Duration.ofMillis(14),
                        Duration.ofMillis(15),
                        Duration.ofMillis(16),
                        17,
                        -1,
                        DnsLookup.RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY));
        assertThat(config.compression().level()).isEqualTo(2);
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of(
                        aConfig().compressionGzipLevel(0),
                        "app.producer.compression.gzip-level (compression.gzip.level)=0: must be 1 to 9, or -1"),
                Arguments.of(
                        aConfig().compressionZstdLevel(23),
                        "app.producer.compression.zstd-level (compression.zstd.level)=23: must be at most 22"),
                Arguments.of(
                        aConfig().partitionerRackAware(true),
                        "app.producer.partitioner.rack-aware (partitioner.rack.aware)=true: needs"
                                + " app.producer.client-rack (client.rack), which is not set"),
                Arguments.of(
                        aConfig().acks(Acks.LEADER).idempotence(true),
                        "app.producer.acks (acks)=1: must be all unless app.producer.idempotence"
                                + " (enable.idempotence) is set to false"),
                Arguments.of(
                        aConfig().retries(0).idempotence(true),
                        "app.producer.retries (retries)=0: must be at least 1 unless app.producer.idempotence"
                                + " (enable.idempotence) is set to false"),
                Arguments.of(
                        aConfig().maxInFlight(6),
                        "app.producer.max-in-flight (max.in.flight.requests.per.connection)=6: must be at most 5"
                                + " unless app.producer.idempotence (enable.idempotence) is set to false"),
                Arguments.of(
                        aConfig().transactionalId("  "),
                        "app.producer.transaction.id-prefix (transactional.id)=  : must not be blank; leave it out for"
                                + " a producer without transactions"),
                Arguments.of(
                        aConfig().transactionalId("t".repeat(Short.MAX_VALUE + 1)),
                        "app.producer.transaction.id-prefix (transactional.id)=" + "t".repeat(Short.MAX_VALUE + 1)
                                + ": must be at most 32767 B"),
                Arguments.of(
                        aConfig().transactionalId("t").acks(Acks.LEADER),
                        "app.producer.acks (acks)=1: must be all with app.producer.transaction.id-prefix"
                                + " (transactional.id)"),
                Arguments.of(
                        aConfig().transactionalId("t").retries(0),
                        "app.producer.retries (retries)=0: must be at least 1 with app.producer.transaction.id-prefix"
                                + " (transactional.id)"),
                Arguments.of(
                        aConfig().transactionalId("t").maxInFlight(6),
                        "app.producer.max-in-flight (max.in.flight.requests.per.connection)=6: must be at most 5 with"
                                + " app.producer.transaction.id-prefix (transactional.id)"),
                Arguments.of(
                        aConfig().transactionalId("t").idempotence(false),
                        "app.producer.idempotence (enable.idempotence)=false: must be true with"
                                + " app.producer.transaction.id-prefix (transactional.id)"),
                Arguments.of(
                        aConfig().transactionTimeout(Duration.ofMillis(1L << 31)),
                        "app.producer.transaction.timeout (transaction.timeout.ms)=2147483648 ms: must be at most"
                                + " 2147483647 ms"),
                Arguments.of(
                        aConfig().deliveryTimeout(Duration.ofSeconds(30)),
                        "app.producer.delivery-timeout (delivery.timeout.ms)=30000 ms: must be at least linger +"
                                + " request-timeout, which is 30005 ms"),
                Arguments.of(
                        aConfig().retryBackoff(Duration.ofSeconds(2)),
                        "app.producer.retry-backoff (retry.backoff.ms)=2000 ms: must be at most"
                                + " app.producer.retry-backoff-max (retry.backoff.max.ms), which is 1000 ms; lower this"
                                + " or raise that"),
                Arguments.of(
                        aConfig().connectionReconnectBackoffMax(Duration.ofMillis(10)),
                        "app.producer.connection.reconnect-backoff-max (reconnect.backoff.max.ms)=10 ms: must be at"
                                + " least app.producer.connection.reconnect-backoff (reconnect.backoff.ms), which is"
                                + " 50 ms"),
                Arguments.of(
                        aConfig()
                                .connectionSetupTimeout(Duration.ofSeconds(2))
                                .connectionSetupTimeoutMax(Duration.ofSeconds(1)),
                        "app.producer.connection.setup-timeout-max (socket.connection.setup.timeout.max.ms)=1000 ms:"
                                + " must be at least app.producer.connection.setup-timeout"
                                + " (socket.connection.setup.timeout.ms), which is 2000 ms"),
                Arguments.of(
                        aConfig().bufferMemory(1_000).maxRequestSize(1_000),
                        "app.producer.buffer-memory (buffer.memory)=1000 B: must be at least app.producer.batch-size"
                                + " (batch.size), which is 16384 B"),
                Arguments.of(
                        aConfig().maxRequestSize(64 << 20),
                        "app.producer.max-request-size (max.request.size)=67108864 B: must be at most"
                                + " app.producer.buffer-memory (buffer.memory), which is 33554432 B; lower this or"
                                + " raise that"),
                Arguments.of(
                        aConfig().linger(Duration.ofMillis(-1)),
                        "app.producer.linger (linger.ms)=-1 ms: must be at least 0 ms"),
                Arguments.of(
                        aConfig().maxBlock(Duration.ofSeconds(Long.MAX_VALUE)),
                        "app.producer.max-block (max.block.ms)=PT2562047788015215H30M7S: must be at most"
                                + " 3153600000000 ms"),
                Arguments.of(
                        aConfig().requestTimeout(Duration.ofMillis(1L << 31)),
                        "app.producer.request-timeout (request.timeout.ms)=2147483648 ms: must be at most"
                                + " 2147483647 ms"),
                Arguments.of(
                        aConfig().metadataMaxIdle(Duration.ofSeconds(4)),
                        "app.producer.metadata.max-idle (metadata.max.idle.ms)=4000 ms: must be at least 5000 ms"),
                Arguments.of(
                        aConfig().connectionSendBuffer(-2),
                        "app.producer.connection.send-buffer (send.buffer.bytes)=-2 B: must be at least -1 B"),
                Arguments.of(
                        aConfig().maxInFlight(0),
                        "app.producer.max-in-flight (max.in.flight.requests.per.connection)=0: must be at least 1"),
                Arguments.of(
                        ProducerConfig.builder(),
                        "app.producer.bootstrap-servers (bootstrap.servers): at least one broker is needed; write"
                                + " host:port, several with commas"),
                Arguments.of(
                        ProducerConfig.builder().bootstrapServers("a:1", "b"),
                        "app.producer.bootstrap-servers (bootstrap.servers)=a:1,b: bad entry 'b': the port is missing;"
                                + " write host:port"));
    }

    @ParameterizedTest
    @Tag("row-63")
    @MethodSource("violations")
    void refusesWithTheReasonAndTheRemedy(ProducerConfig.Builder builder, String message) {
        assertThat(violationsOf(builder)).extracting(Violation::toString).containsExactly(message);
    }

    @Test
    void refusesAClientIdThatDoesNotFitTheWire() {
        assertThat(aConfig().clientId("é".repeat(16_383)).build().clientId()).hasSize(16_383);
        assertThat(violationsOf(aConfig().clientId("é".repeat(16_384))))
                .extracting(Violation::reason)
                .containsExactly("must be at most 32767 B");
    }

    @Test
    void reportsEveryViolationAtOnce() {
        ProducerConfig.Builder builder = ProducerConfig.builder()
                .bootstrapServers("a", "b:0")
                .retries(-1)
                .linger(Duration.ofSeconds(Long.MAX_VALUE))
                .deliveryTimeout(Duration.ZERO)
                .batchSize(64 << 20);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(builder::build)
                .satisfies(refusal -> assertThat(refusal.recovery()).isEqualTo(Recovery.CHANGE_CONFIGURATION))
                .satisfies(refusal -> assertThat(refusal.violations()).hasSize(5))
                .withMessageStartingWith("invalid producer configuration:\n  - app.producer.bootstrap-servers")
                .withMessageContaining("bad entry 'a': the port is missing")
                .withMessageContaining("bad entry 'b:0': port 0 is out of range")
                .withMessageContaining("app.producer.retries (retries)=-1: must be at least 0")
                .withMessageContaining("app.producer.linger (linger.ms)=")
                .withMessageContaining("app.producer.batch-size (batch.size)=67108864 B: must be at most");
    }

    @Test
    @Tag("row-63")
    void raisesOnlyADefaultDeliveryTimeout() {
        ProducerConfig config = aConfig().requestTimeout(Duration.ofMinutes(3)).build();

        assertThat(config.delivery().deliveryTimeout()).isEqualTo(Duration.ofMillis(180_005));
        assertThat(config.origin(Setting.DELIVERY_TIMEOUT)).isEqualTo(Origin.DERIVED);
        assertThat(config.describe())
                .contains("app.producer.delivery-timeout (delivery.timeout.ms) = 180005 ms [derived, raised to linger +"
                        + " request-timeout]");
        assertThat(config.derivations())
                .containsExactly("app.producer.delivery-timeout (delivery.timeout.ms) is 180005 ms, raised to linger +"
                        + " request-timeout");
        assertThat(config.toBuilder()
                        .requestTimeout(Duration.ofSeconds(1))
                        .build()
                        .delivery()
                        .deliveryTimeout())
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    @Tag("row-63")
    void acceptsADeliveryTimeoutEqualToTheSum() {
        Duration sum = Duration.ofMillis(30_005);

        assertThat(aConfig().deliveryTimeout(sum).build().delivery().deliveryTimeout())
                .isEqualTo(sum);
    }

    @Test
    void saysWhyIdempotenceIsOff() {
        assertThat(aConfig().acks(Acks.NONE).build().describe())
                .contains("app.producer.idempotence (enable.idempotence) = false [derived, because app.producer.acks"
                        + " (acks) is 0]");
        assertThat(aConfig().retries(0).build().derivations())
                .isEqualTo(List.of("app.producer.idempotence (enable.idempotence) is false, because"
                        + " app.producer.retries (retries) is 0"));
    }

    @Test
    void doubtsRecordsThatOutliveTheirTransaction() {
        String doubt = "app.producer.delivery-timeout (delivery.timeout.ms) is 120000 ms, longer than"
                + " app.producer.transaction.timeout (transaction.timeout.ms), which is 50000 ms: the coordinator aborts a"
                + " transaction while its records are still being tried";
        ProducerConfig.Builder config = aConfig().transactionalId("t");

        assertThat(config.build().derivations()).isEmpty();
        assertThat(config.transactionTimeout(Duration.ofSeconds(50)).build().derivations())
                .containsExactly(doubt);
        assertThat(config.deliveryTimeout(Duration.ofSeconds(50)).build().derivations())
                .isEmpty();
        assertThat(aConfig().transactionTimeout(Duration.ofSeconds(50)).build().derivations())
                .isEmpty();
    }

    @Test
    void keepsALingerBelowAMillisecond() {
        assertThat(aConfig()
                        .linger(Duration.ofNanos(250_000))
                        .build()
                        .batching()
                        .linger())
                .isEqualTo(Duration.ofNanos(250_000));
    }

    @Test
    void drawsANewClientIdForEachConfigurationWithoutOne() {
        assertThat(aConfig().build().clientId()).isNotEqualTo(aConfig().build().clientId());
        assertThat(aConfig().clientId("").build().clientId()).isEmpty();
    }

    @Test
    void refusesNullAtOnceAndNamesTheSetting() {
        String none = noText();
        assertThatNullPointerException()
                .isThrownBy(() -> aConfig().clientId(none))
                .withMessage("app.producer.client-id (client.id) must not be null");
    }

    @SuppressWarnings("NullAway") // a caller without null checks
    private static String noText() {
        return null;
    }

    private static List<Violation> violationsOf(ProducerConfig.Builder builder) {
        try {
            builder.build();
        } catch (ConfigException refusal) {
            return refusal.violations();
        }
        return List.of();
    }

    private static ProducerConfig.Builder aConfig() {
        return ProducerConfig.builder().bootstrapServers("broker:9092");
    }

    /** These have tests of their own, as they exclude each other. */
    private static boolean isAboutSecurity(Setting setting) {
        return setting.springName().matches("app\\.producer\\.(security|ssl|sasl)\\..*");
    }
}
