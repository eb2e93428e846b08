package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Properties that rule each other out: what is set is refused, a default gives way and says so. */
class ConflictingPropertiesTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acks=1|must be all unless app.producer.idempotence",
                "acks=0|must be all unless app.producer.idempotence",
                "retries=0|must be at least 1 unless app.producer.idempotence",
                "max-in-flight=6|must be at most 5 unless app.producer.idempotence"
            })
    void refusesWhatRulesIdempotenceOut(String conflict, String reason) {
        runner.withPropertyValues("app.producer.idempotence=true", "app.producer." + conflict)
                .run(context -> assertRefused(context, conflict, reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"acks=1", "retries=0"})
    void tellsOfIdempotenceThatGaveWay(String conflict) {
        runner.withPropertyValues("app.producer." + conflict).run(context -> {
            ProducerConfig config = ProducerAutoConfigurationTest.configOf(context);
            assertThat(config.delivery().idempotence()).isFalse();
            assertThat(config.derivations())
                    .as("logged as warnings when the producer opens")
                    .anySatisfy(sentence ->
                            assertThat(sentence).startsWith("app.producer.idempotence (enable.idempotence) is false"));
        });
    }

    @Test
    void refusesAShortDeliveryTimeout() {
        runner.withPropertyValues("app.producer.delivery-timeout=10s")
                .run(context -> assertRefused(
                        context,
                        "delivery-timeout=10s",
                        "must be at least linger + request-timeout, which is 30005 ms"));
    }

    @Test
    void tellsOfADeliveryTimeoutThatWasRaised() {
        runner.withPropertyValues("app.producer.request-timeout=3m").run(context -> {
            ProducerConfig config = ProducerAutoConfigurationTest.configOf(context);
            assertThat(config.delivery().deliveryTimeout()).isEqualTo(Duration.ofMillis(180_005));
            assertThat(config.derivations()).anySatisfy(sentence -> assertThat(sentence)
                    .startsWith("app.producer.delivery-timeout (delivery.timeout.ms) is 180005 ms"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "gzip-level=10, must be at most 9",
        "gzip-level=0, 'must be 1 to 9, or -1'",
        "lz4-level=0, must be at least 1",
        "lz4-level=18, must be at most 17",
        "zstd-level=23, must be at most 22",
        "zstd-level=-131073, must be at least -131072"
    })
    void refusesLevelsOutOfRange(String level, String reason) {
        runner.withPropertyValues("app.producer.compression." + level)
                .run(context -> assertRefused(context, "compression." + level, reason));
    }

    @Test
    void knowsNoLevelOfSnappy() {
        runner.withPropertyValues(
                        "app.producer.unknown-keys=fail",
                        "app.producer.compression.type=snappy",
                        "app.producer.compression.snappy-level=3")
                .run(context -> assertRefused(
                        context, "compression.snappy-level=3", "is not a known key, and nothing reads it; "));
    }

    private static void assertRefused(AssertableApplicationContext context, String setting, String reason) {
        String property = "app.producer." + setting.substring(0, setting.indexOf('='));
        Throwable cause = context.getStartupFailure();
        while (cause != null && !(cause instanceof InvalidProducerPropertiesException)) {
            cause = cause.getCause();
        }
        assertThat(((InvalidProducerPropertiesException) Objects.requireNonNull(cause, "not refused")).getViolations())
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.property()).isEqualTo(property);
                    assertThat(violation.reason()).startsWith(reason);
                    assertThat(violation.origin()).isEqualTo("\"" + property + "\" from property source \"test\"");
                });
    }
}
