package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Acks;
import dev.millrace.producer.config.Origin;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.spring.DefaultProducerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Every key of the engine's table, from text in an environment to the engine's configuration. */
class ProducerPropertiesTest {

    /** A value for each setting, other than its default, with and without unit, and how the engine shows it. */
    private static final Map<Setting, Sample> SAMPLES = new EnumMap<>(Map.ofEntries(
            Map.entry(Setting.BOOTSTRAP_SERVERS, new Sample("a:1, [::1]:2", "a:1,[::1]:2")),
            Map.entry(Setting.CLIENT_ID, new Sample("orders", "orders")),
            Map.entry(Setting.ACKS, new Sample("-1", "all")),
            Map.entry(Setting.RETRIES, new Sample("3", "3")),
            Map.entry(Setting.RETRY_BACKOFF, new Sample("101", "101 ms")),
            Map.entry(Setting.RETRY_BACKOFF_MAX, new Sample("2s", "2000 ms")),
            Map.entry(Setting.DELIVERY_TIMEOUT, new Sample("3m", "180000 ms")),
            Map.entry(Setting.REQUEST_TIMEOUT, new Sample("31000", "31000 ms")),
            Map.entry(Setting.MAX_BLOCK, new Sample("0", "0 ms")),
            Map.entry(Setting.MAX_IN_FLIGHT, new Sample("4", "4")),
            Map.entry(Setting.IDEMPOTENCE, new Sample("false", "false")),
            Map.entry(Setting.MAX_REQUEST_SIZE, new Sample("2MB", "2097152 B")),
            Map.entry(Setting.TRANSACTION_TIMEOUT, new Sample("50s", "50000 ms")),
            Map.entry(Setting.LINGER, new Sample("20", "20 ms")),
            Map.entry(Setting.BATCH_SIZE, new Sample("32KB", "32768 B")),
            Map.entry(Setting.BUFFER_MEMORY, new Sample("5GB", "5368709120 B")),
            Map.entry(Setting.PARTITIONER_IGNORE_KEYS, new Sample("true", "true")),
            Map.entry(Setting.RECONNECT_BACKOFF, new Sample("51ms", "51 ms")),
            Map.entry(Setting.RECONNECT_BACKOFF_MAX, new Sample("PT2S", "2000 ms")),
            Map.entry(Setting.CONNECTION_SETUP_TIMEOUT, new Sample("11s", "11000 ms")),
            Map.entry(Setting.CONNECTION_SETUP_TIMEOUT_MAX, new Sample("32s", "32000 ms")),
            Map.entry(Setting.CONNECTION_MAX_IDLE, new Sample("10m", "600000 ms")),
            Map.entry(Setting.CONNECTION_SEND_BUFFER, new Sample("-1", "-1 B")),
            Map.entry(Setting.CONNECTION_RECEIVE_BUFFER, new Sample("65536", "65536 B")),
            Map.entry(Setting.METADATA_MAX_AGE, new Sample("1h", "3600000 ms")),
            Map.entry(Setting.METADATA_MAX_IDLE, new Sample("6000", "6000 ms")),
            Map.entry(Setting.METADATA_RECOVERY, new Sample("NONE", "none")),
            Map.entry(Setting.METADATA_REBOOTSTRAP_TRIGGER, new Sample("1m", "60000 ms")),
            Map.entry(Setting.BOOTSTRAP_RESOLVE_TIMEOUT, new Sample("20s", "20000 ms")),
            Map.entry(Setting.CLIENT_RACK, new Sample(" zone-a ", "zone-a")),
            Map.entry(
                    Setting.DNS_LOOKUP,
                    new Sample("resolve-canonical-bootstrap-servers-only", "resolve_canonical_bootstrap_servers_only")),
            Map.entry(Setting.COMPRESSION, new Sample("zstd", "zstd")),
            Map.entry(Setting.COMPRESSION_GZIP_LEVEL, new Sample("1", "1")),
            Map.entry(Setting.COMPRESSION_LZ4_LEVEL, new Sample("17", "17")),
            Map.entry(Setting.COMPRESSION_ZSTD_LEVEL, new Sample("-5", "-5")),
            Map.entry(Setting.PARTITIONER, new Sample("round-robin", "round-robin")),
            Map.entry(Setting.PARTITIONER_ADAPTIVE, new Sample("false", "false")),
            Map.entry(Setting.PARTITIONER_AVAILABILITY_TIMEOUT, new Sample("1s", "1000 ms")),
            Map.entry(Setting.PARTITIONER_RACK_AWARE, new Sample("true", "true")),
            Map.entry(Setting.SECURITY_PROTOCOL, new Sample("ssl", "SSL")),
            Map.entry(Setting.TLS_ENDPOINT_IDENTIFICATION, new Sample("NONE", "none")),
            Map.entry(Setting.SASL_MECHANISM, new Sample("scram-sha-256", "SCRAM-SHA-256")),
            Map.entry(Setting.SASL_KERBEROS_SERVICE_NAME, new Sample(" kafka ", "kafka")),
            Map.entry(Setting.SASL_LOGIN_REFRESH_WINDOW_FACTOR, new Sample("0.7", "0.7")),
            Map.entry(Setting.SASL_LOGIN_REFRESH_WINDOW_JITTER, new Sample("0.1", "0.1")),
            Map.entry(Setting.SASL_LOGIN_REFRESH_MIN_PERIOD, new Sample("2m", "120000 ms")),
            Map.entry(Setting.SASL_LOGIN_REFRESH_BUFFER, new Sample("4000", "4000 ms")),
            Map.entry(Setting.TELEMETRY_PUSH, new Sample("false", "false"))));

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TRANSACTIONAL_ID") // the property is only the start of it
    void reachesTheEngineWithItsUnit(Setting setting) {
        Sample sample = sampleOf(setting);
        runner.withPropertyValues(setting.springName() + "=" + sample.text())
                .withPropertyValues(neededBy(setting))
                .run(context -> assertThat(lineOf(ProducerAutoConfigurationTest.configOf(context), setting))
                        .isEqualTo(sample.shown() + " [user]"));
    }

    @ParameterizedTest
    @EnumSource
    void countsAsUnsetIfBlank(Setting setting) {
        runner.withPropertyValues(setting.springName() + "=").run(context -> {
            ProducerConfig config = ProducerAutoConfigurationTest.configOf(context);
            if (setting == Setting.BOOTSTRAP_SERVERS) {
                assertThat(lineOf(config, setting)).isEqualTo("localhost:9092 [user]");
            } else {
                assertThat(config.origin(setting)).isEqualTo(Origin.DEFAULT);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.producer.bootstrap-servers",
                "app.producer.client-id",
                "app.producer.acks",
                "app.producer.key-serializer",
                "app.producer.value-serializer",
                "app.producer.close-timeout"
            })
    void countsAsUnsetIfOnlySpaces(String property) {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "blank", Map.of(property, property.endsWith("timeout") ? "" : "  "))))
                .run(context -> assertThat(
                                ProducerAutoConfigurationTest.configOf(context).describe())
                        .containsOnlyOnce("[user]"));
    }

    @Test
    void handsNothingToTheEngineThatIsNotSet() {
        runner.run(context -> {
            ProducerConfig config = ProducerAutoConfigurationTest.configOf(context);
            for (Setting setting : Setting.values()) {
                if (setting != Setting.BOOTSTRAP_SERVERS) {
                    assertThat(config.origin(setting)).as(setting.springName()).isEqualTo(Origin.DEFAULT);
                }
            }
        });
    }

    @Test
    void readsYaml() {
        String yaml =
                """
                app:
                  producer:
                    acks: -1
                    linger: 20
                    batch-size: 32KB
                    bootstrap-servers:
                      - a:1
                      - b:2
                    connection:
                      max-idle: 1m
                """;
        runner.withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(load(yaml)))
                .run(context -> {
                    ProducerConfig config = ProducerAutoConfigurationTest.configOf(context);
                    assertThat(config.delivery().acks()).isEqualTo(Acks.ALL);
                    assertThat(config.batching().linger()).isEqualTo(Duration.ofMillis(20));
                    assertThat(config.batching().batchSizeBytes()).isEqualTo(32 * 1024);
                    assertThat(config.bootstrapServers()).hasToString("[a:1, b:2]");
                    assertThat(config.network().connectionMaxIdle()).isEqualTo(Duration.ofMinutes(1));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"app.producer.delivery-timeout", "app.producer.deliveryTimeout", "APP_PRODUCER_DELIVERYTIMEOUT"})
    void readsEverySpelling(String spelling) {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(
                                new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of(spelling, "3m"))))
                .run(context -> assertThat(ProducerAutoConfigurationTest.configOf(context)
                                .delivery()
                                .deliveryTimeout())
                        .isEqualTo(Duration.ofMinutes(3)));
    }

    @Test
    void keepsImplicitValuesInPlaceAndRefusesExplicitOnes() {
        runner.withPropertyValues("app.producer.acks=1").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(ProducerAutoConfigurationTest.configOf(context)
                            .delivery()
                            .idempotence())
                    .isFalse();
        });
        runner.withPropertyValues("app.producer.acks=1", "app.producer.idempotence=true")
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("app.producer.request-timeout=3m").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(ProducerAutoConfigurationTest.configOf(context)
                            .delivery()
                            .deliveryTimeout())
                    .isEqualTo(Duration.ofMillis(180_005));
        });
        runner.withPropertyValues("app.producer.request-timeout=3m", "app.producer.delivery-timeout=2m")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void leavesTheFactorysCloseTimeoutIfBlank() {
        runner.withPropertyValues("app.producer.close-timeout=").run(context -> assertThat(
                        context.getBean(DefaultProducerFactory.class).getCloseTimeout())
                .isEqualTo(DefaultProducerFactory.DEFAULT_CLOSE_TIMEOUT));
    }

    /** Text after the name in the engine's own description: value and origin. */
    static String lineOf(ProducerConfig config, Setting setting) {
        String start = setting + " = ";
        return config.describe()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow();
    }

    private static String[] neededBy(Setting setting) {
        return switch (setting) {
            case PARTITIONER_RACK_AWARE -> new String[] {Setting.CLIENT_RACK.springName() + "=zone-a"};
            case SASL_MECHANISM ->
                new String[] {
                    Setting.SECURITY_PROTOCOL.springName() + "=SASL_SSL",
                    "app.producer.sasl.username=alice",
                    "app.producer.sasl.password=secret"
                };
            default -> new String[0];
        };
    }

    private static Sample sampleOf(Setting setting) {
        Sample sample = SAMPLES.get(setting);
        if (sample == null) {
            throw new AssertionError("no sample for " + setting + "; add one");
        }
        return sample;
    }

    private static PropertySource<?> load(String yaml) {
        try {
            return new YamlPropertySourceLoader()
                    .load("test", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private record Sample(String text, String shown) {}
}
