package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Acks;
import dev.millrace.producer.config.Origin;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.spring.DefaultProducerFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** {@code app.producer.properties}. */
class KafkaNamedPropertiesTest {

    private static final String PREFIX = "app.producer.properties.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerAutoConfiguration.class, NamedProducerAutoConfiguration.class));

    @Test
    void reachTheEngine() {
        runner.withPropertyValues(
                        PREFIX + "linger.ms=9",
                        PREFIX + "acks=1",
                        PREFIX + "batch.size=",
                        "app.producer.instance.orders.properties.linger.ms=8",
                        "app.producer.instance.orders.properties.retries=7")
                .run(context -> {
                    ProducerConfig config = context.getBean("producerFactory", DefaultProducerFactory.class)
                            .getConfig();
                    assertThat(config.batching().linger()).isEqualTo(Duration.ofMillis(9));
                    assertThat(config.delivery().acks()).isEqualTo(Acks.LEADER);
                    assertThat(config.origin(Setting.BATCH_SIZE)).isEqualTo(Origin.DEFAULT);
                    ProducerConfig orders = context.getBean("ordersProducerFactory", DefaultProducerFactory.class)
                            .getConfig();
                    assertThat(orders.batching().linger()).isEqualTo(Duration.ofMillis(8));
                    assertThat(orders.delivery().acks()).isEqualTo(Acks.LEADER);
                    assertThat(orders.delivery().retries()).isEqualTo(7);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linger.ms=9|app.producer.linger=5|linger.ms|is set by app.producer.linger, too; remove one of them",
                "lingr.ms=9||lingr.ms|is not a known setting; did you mean linger.ms",
                "linger.ms=x||linger.ms|must be a whole number",
                "bootstrap.servers=a:1||bootstrap.servers|has no effect here; write app.producer.bootstrap-servers",
                "client.id=a||client.id|has no effect here; write app.producer.client-id",
                "key.serializer=string||key.serializer|has no effect here; write app.producer.key-serializer",
                "interceptor.classes=a||interceptor.classes|has no effect here; declare the interceptors as beans",
                "transactional.id=a||transactional.id|has no effect here; each producer has an id of its own",
                "sasl.jaas.config=secret||sasl.jaas.config|has no effect here; write the keys under app.producer.sasl",
                "ssl.keystore.password=secret||ssl.keystore.password|has no effect here; write app.producer.ssl.bundle"
            })
    void areRefused(String entry, String other, String name, String reason) {
        runner.withPropertyValues(PREFIX + entry, other == null ? "other=1" : other)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidProducerPropertiesException.class, refusal -> assertThat(
                                        refusal.getViolations())
                                .singleElement()
                                .satisfies(violation -> {
                                    assertThat(violation.property()).isEqualTo(PREFIX + name);
                                    assertThat(violation.reason()).startsWith(reason);
                                    assertThat(violation.toString()).doesNotContain("secret");
                                    assertThat(violation.origin())
                                            .isEqualTo("\"" + PREFIX + name + "\" from property source \"test\"");
                                })));
    }
}
