package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.metrics.ProducerMetrics;
import dev.millrace.testkit.FakeCluster;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** The producers' meters in an application, with producers that send. */
class ProducerMetricsAutoConfigurationTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerMetricsAutoConfiguration.class, ProducerAutoConfiguration.class))
            .withPropertyValues(
                    "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                    "app.producer.client-id=shop",
                    "app.producer.linger=0ms");

    private final ApplicationContextRunner withBoot = runner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class));

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void measuresWhatIsSent() {
        withBoot.run(context -> {
            send(context);

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("kafka.producer.record.send.total")
                            .tag("client.id", "shop")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("app.producer.send")
                            .tags("app.producer.name", "producerFactory", "error", "none")
                            .timer()
                            .totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
            assertThat(registry.get("app.producer.stage")
                            .tag("stage", "in-flight")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("app.producer.buffer.limit").gauge().value())
                    .isEqualTo(32.0 * 1024 * 1024);
            assertThat(registry.get("app.producer.records.pending").gauge().value())
                    .isZero();
            assertThat(registry.get("kafka.producer.connection.count").gauge().value())
                    .isPositive();
            assertThat(registry.get("kafka.producer.metadata.age").gauge().value())
                    .isBetween(0.0, 60.0);
            assertThat(registry.find("kafka.producer.topic.record.send.total").meter())
                    .isNull();
        });
    }

    @Test
    void tagsAndTopics() {
        withBoot.withPropertyValues("app.producer.metrics.tags.region=north", "app.producer.metrics.per-topic=true")
                .run(context -> {
                    send(context);

                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("kafka.producer.topic.record.send.total")
                                    .tags("client.id", "shop", "topic", "orders", "region", "north")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void removesTheMetersWithTheProducer() {
        withBoot.run(context -> {
            send(context);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(producerMeters(registry)).isNotEmpty();

            context.getBean(DefaultProducerFactory.class).stop();

            assertThat(producerMeters(registry)).isEmpty();
            context.getBean(DefaultProducerFactory.class).start();
            send(context);
            assertThat(producerMeters(registry)).isNotEmpty();
        });
    }

    @Test
    void keepsMetersWhenTheProducerIsReset() {
        withBoot.run(context -> {
            send(context);
            context.getBean(DefaultProducerFactory.class).reset();
            send(context);

            assertThat(context.getBean(MeterRegistry.class)
                            .get("kafka.producer.record.send.total")
                            .functionCounter()
                            .count())
                    .isPositive();
        });
    }

    @Test
    void findsARegistryThatBootDoesNotBind() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            send(context);
            assertThat(producerMeters(context.getBean(MeterRegistry.class))).isNotEmpty();
        });
    }

    @Test
    void bindsARegistryThatComesLate() {
        withBoot.withPropertyValues("management.simple.metrics.export.enabled=false")
                .run(context -> {
                    send(context);
                    ConfigurableApplicationContext source = context.getSourceApplicationContext();
                    SimpleMeterRegistry late = new SimpleMeterRegistry();
                    source.getBeanFactory().registerSingleton("late", late);
                    context.getBean(ProducerMetrics.class).bindTo(late);

                    assertThat(late.get("kafka.producer.record.send.total")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void measuresInAllRegistriesOfACompositeOne() {
        withBoot.withBean("first", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("second", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> {
                    send(context);
                    assertThat(context.getBean(MeterRegistry.class)).isInstanceOf(CompositeMeterRegistry.class);
                    for (String name : List.of("first", "second")) {
                        assertThat(context.getBean(name, MeterRegistry.class)
                                        .get("kafka.producer.record.send.total")
                                        .functionCounter()
                                        .count())
                                .isEqualTo(1);
                    }
                });
    }

    @Test
    void makesAHistogramOfSendsAsBootIsTold() {
        withBoot.withPropertyValues(
                        "management.metrics.distribution.percentiles.app.producer.send=0.99",
                        "management.metrics.distribution.slo.app.producer.send=10ms,1s")
                .run(context -> {
                    send(context);
                    Timer timer = context.getBean(MeterRegistry.class)
                            .get("app.producer.send")
                            .timer();
                    assertThat(timer.count()).isEqualTo(1);
                    HistogramSnapshot histogram = timer.takeSnapshot();
                    assertThat(histogram.histogramCounts()).hasSize(2);
                    assertThat(histogram.percentileValues()).hasSize(1);
                });
    }

    @Test
    void leavesTheTimerOfSendsToObservations() {
        ApplicationContextRunner observed = withBoot.withPropertyValues(
                        "app.producer.template.observation-enabled=true")
                .withBean(ObservationRegistry.class, TestObservationRegistry::create);
        observed.run(context -> {
            send(context);
            assertThat(context.getBean(MeterRegistry.class)
                            .find("app.producer.send")
                            .meter())
                    .isNull();
        });
        observed.withPropertyValues("management.observations.enable.app.producer=false")
                .run(context -> {
                    send(context);
                    assertThat(context.getBean(MeterRegistry.class)
                                    .find("app.producer.send")
                                    .timer())
                            .isNotNull();
                });
    }

    @Test
    void canBeSwitchedOff() {
        withBoot.withPropertyValues("app.producer.metrics.enabled=false").run(context -> {
            send(context);
            assertThat(context).doesNotHaveBean(ProducerMetrics.class);
            assertThat(producerMeters(context.getBean(MeterRegistry.class))).isEmpty();
        });
        withBoot.withPropertyValues("app.producer.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ProducerMetrics.class));
    }

    @Test
    void asksTheRegistryForNothingBeforeTheFirstSend() {
        withBoot.run(context ->
                assertThat(producerMeters(context.getBean(MeterRegistry.class))).isEmpty());
    }

    private static List<String> producerMeters(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .filter(name -> name.startsWith("kafka.producer") || name.startsWith("app.producer"))
                .toList();
    }

    /** Flushes, too: what an observer counts of a batch comes after its futures. */
    @SuppressWarnings("unchecked") // the default serializers take text
    private static void send(AssertableApplicationContext context) {
        ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
        template.send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
        template.snapshot().join();
    }
}
