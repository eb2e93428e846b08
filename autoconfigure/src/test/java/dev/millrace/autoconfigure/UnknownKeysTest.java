package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class UnknownKeysTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerAutoConfiguration.class, NamedProducerAutoConfiguration.class));

    @ParameterizedTest
    @CsvSource({
        "lingr, app.producer.linger",
        "batch.size, app.producer.batch-size",
        "compression.typ, app.producer.compression.type",
        "max-idle, app.producer.connection.max-idle",
        "default-producer.enable, app.producer.default-producer.enabled",
        "instance.orders.lingr, app.producer.instance.orders.linger",
        "instance.orders.default-producer.enabled, ''",
        "topics.orders, ''",
        "ssl.key-store-location, bundle",
        "ssl.trust-store-password, bundle"
    })
    void warnsOfAKeyThatNothingReadsAndNamesTheNearest(String key, String nearest) {
        String end = nearest.equals("bundle")
                ? "; keys and authorities are in SSL bundles: define one under spring.ssl.bundle and name it in"
                        + " app.producer.ssl.bundle"
                : nearest.isEmpty() ? "; remove it" : "; did you mean " + nearest;
        try (CapturedLog log = CapturedLog.of(UnknownKeys.class)) {
            runner.withPropertyValues("app.producer." + key + "=x").run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(log.lines())
                        .containsExactly("WARN app.producer." + key + " is not a known key, and nothing reads it" + end
                                + ". Set app.producer.unknown-keys=fail to refuse such keys, or =ignore to say"
                                + " nothing");
            });
        }
    }

    @Test
    void refusesThemIfToldSo() {
        runner.withPropertyValues(
                        "app.producer.unknown-keys=fail",
                        "app.producer.lingr=5",
                        "app.producer.instance.orders.ackz=1",
                        "app.producer.instance.orders.dev-broker.nodes=3")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidProducerPropertiesException.class, refusal -> assertThat(
                                        refusal.getViolations())
                                .containsExactly(
                                        new PropertyViolation(
                                                "app.producer.instance.orders.ackz",
                                                "",
                                                origin("instance.orders.ackz"),
                                                "is not a known key, and nothing reads it; did you mean"
                                                        + " app.producer.instance.orders.acks"),
                                        new PropertyViolation(
                                                "app.producer.instance.orders.dev-broker",
                                                "",
                                                origin("instance.orders.dev-broker.nodes"),
                                                "has no effect for a single producer; set it under" + " app.producer"),
                                        new PropertyViolation(
                                                "app.producer.lingr",
                                                "",
                                                origin("lingr"),
                                                "is not a known key, and nothing reads it; did you mean"
                                                        + " app.producer.linger"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.producer.unknown-keys=ignore", "app.name=shop"})
    void saysNothingIfToldSoOrIfThereAreNone(String property) {
        try (CapturedLog log = CapturedLog.of(UnknownKeys.class)) {
            List<String> unknown =
                    property.endsWith("ignore") ? List.of("app.producer.lingr=5") : List.of("app.producers=1");
            runner.withPropertyValues(property, unknown.get(0))
                    .run(context -> assertThat(log.lines()).isEmpty());
        }
    }

    @Test
    void refusesAnotherReaction() {
        runner.withPropertyValues("app.producer.unknown-keys=shout")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("app.producer.unknown-keys: must be warn, fail or ignore"));
    }

    @Test
    void knowsEveryKeyOfTheMetadata() {
        Map<String, Object> all = new TreeMap<>();
        ConfigurationMetadataTest.propertiesBelow("app.producer.").forEach(key -> all.put(key, "1"));
        all.remove("app.producer.properties");
        all.put("app.producer.properties.linger.ms", "3");
        all.put("app.producer.bootstrap-servers[0]", "a:1");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("all", all));

        assertThat(UnknownKeys.find(environment, List.of())).isEmpty();
        assertThat(all).hasSizeGreaterThan(60);
    }

    @Test
    void leavesEnvironmentVariablesAlone() {
        try (CapturedLog log = CapturedLog.of(UnknownKeys.class)) {
            runner.withInitializer(context -> context.getEnvironment()
                            .getPropertySources()
                            .addFirst(new SystemEnvironmentPropertySource(
                                    "systemEnvironment", Map.of("APP_PRODUCER_BATCH_SIZE", "1024"))))
                    .run(context -> {
                        assertThat(ProducerAutoConfigurationTest.configOf(context)
                                        .batching()
                                        .batchSizeBytes())
                                .isEqualTo(1024);
                        assertThat(log.lines()).isEmpty();
                    });
        }
    }

    private static String origin(String key) {
        return "\"app.producer." + key + "\" from property source \"test\"";
    }
}
