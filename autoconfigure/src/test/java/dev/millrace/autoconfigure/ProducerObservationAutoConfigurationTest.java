package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTemplateCustomizer;
import dev.millrace.spring.observation.DefaultProducerObservationConvention;
import dev.millrace.spring.observation.ProducerObservationConvention;
import dev.millrace.spring.observation.ProducerSendContext;
import dev.millrace.testkit.FakeCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Observations in an application, with producers that send. */
class ProducerObservationAutoConfigurationTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerObservationAutoConfiguration.class, ProducerAutoConfiguration.class))
            .withPropertyValues(
                    "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                    "app.producer.client-id=shop",
                    "app.producer.linger=0ms");
    private final ApplicationContextRunner observed = runner.withPropertyValues(
                    "app.producer.template.observation-enabled=true")
            .withBean(ObservationRegistry.class, () -> registry);

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void observesIfSwitchedOn() {
        observed.run(context -> {
            send(context);
            TestObservationRegistryAssert.assertThat(registry)
                    .hasObservationWithNameEqualTo("app.producer.send")
                    .that()
                    .hasLowCardinalityKeyValue("app.producer.name", "producerFactory")
                    .hasHighCardinalityKeyValue("messaging.client.id", "shop");
        });
    }

    @Test
    void isOffByItself() {
        runner.withBean(ObservationRegistry.class, () -> registry).run(context -> {
            send(context);
            TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
            assertThat(context).doesNotHaveBean(ProducerTemplateCustomizer.class);
        });
    }

    @Test
    void sendsWithoutARegistry() {
        runner.withPropertyValues("app.producer.template.observation-enabled=true")
                .run(ProducerObservationAutoConfigurationTest::send);
    }

    @Test
    void isVetoedByBootsProperty() {
        for (String name : List.of("app.producer", "app.producer.send", "app", "all")) {
            observed.withPropertyValues("management.observations.enable." + name + "=false")
                    .run(context -> {
                        send(context);
                        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
                    });
        }
        observed.withPropertyValues(
                        "management.observations.enable.app=false", "management.observations.enable.app.producer=true")
                .run(context -> {
                    send(context);
                    TestObservationRegistryAssert.assertThat(registry)
                            .hasObservationWithNameEqualTo("app.producer.send");
                });
    }

    @Test
    void takesAConventionOfTheApplications() {
        observed.withBean(ProducerObservationConvention.class, Renamed::new).run(context -> {
            send(context);
            TestObservationRegistryAssert.assertThat(registry).hasObservationWithNameEqualTo("shop.send");
        });
    }

    @Test
    void knowsTheClusterWithoutAskingForIt() {
        List<String> names = new CopyOnWriteArrayList<>();
        registry.observationConfig().observationPredicate((name, context) -> {
            if (context instanceof ProducerSendContext send) {
                names.add(String.valueOf(send.getRemoteServiceName()));
            }
            return true;
        });
        observed.run(context -> {
            send(context);
            send(context);
        });

        assertThat(names).first().isEqualTo("kafka");
        assertThat(names).last().asString().startsWith("kafka: ");
    }

    @Test
    void makesATimerWithBootsHandlers() {
        runner.withPropertyValues("app.producer.template.observation-enabled=true")
                .withConfiguration(AutoConfigurations.of(
                        ObservationAutoConfiguration.class,
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class,
                        ProducerMetricsAutoConfiguration.class))
                .run(context -> {
                    send(context);
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("app.producer.send")
                                    .tags("messaging.destination.name", "orders", "error", "none")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static void send(AssertableApplicationContext context) {
        ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
        template.send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
        template.snapshot().join();
    }

    private static final class Renamed extends DefaultProducerObservationConvention {
        @Override
        public String getName() {
            return "shop.send";
        }
    }
}
