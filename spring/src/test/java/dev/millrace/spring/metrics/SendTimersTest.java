package dev.millrace.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.observation.ProducerObservations;
import dev.millrace.testkit.FakeCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The timer of sends beside the one Micrometer makes of their observations. */
@Timeout(60)
class SendTimersTest {

    private final FakeCluster cluster = FakeCluster.builder()
            .topic("orders", 1)
            .topic("payments", 1)
            .autoCreateTopics(false)
            .start();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** How often, by everything that tells a timer from another one. */
    private Map<Set<Tag>, Long> timers(
            BiConsumer<DefaultProducerFactory<?, ?>, ProducerTemplate<?, ?>> watch, MeterRegistry registry) {
        DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                ProducerConfig.builder()
                        .bootstrapServers(cluster.bootstrapServers())
                        .maxBlock(Duration.ofSeconds(1))
                        .maxRequestSize(10_000)
                        .build(),
                Serializers.string(),
                Serializers.string());
        factory.setBeanName("shop");
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        watch.accept(factory, template);
        template.send("orders", "one");
        template.send("orders", "two");
        template.send("payments", "three").join();
        template.send("orders", "x".repeat(20_000))
                .exceptionally(failure -> null)
                .join();
        template.send("nowhere", "four").exceptionally(failure -> null).join();
        template.flush(); // what has ended is counted then
        Map<Set<Tag>, Long> counts = registry.find("app.producer.send").timers().stream()
                .collect(Collectors.toMap(timer -> new TreeSet<>(timer.getId().getTags()), Timer::count));
        factory.stop();
        return counts;
    }

    @Test
    void areThoseOfTheObservation() {
        SimpleMeterRegistry observed = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(observed));
        Map<Set<Tag>, Long> expected = timers(
                (factory, template) -> template.setInstrumentation(new ProducerObservations(observations)), observed);

        SimpleMeterRegistry timed = new SimpleMeterRegistry();
        ProducerMetrics metrics = new ProducerMetrics(Tags.empty(), false, true);
        metrics.bindTo(timed);
        Map<Set<Tag>, Long> actual = timers((factory, template) -> factory.setListeners(List.of(metrics)), timed);

        assertThat(expected).hasSize(4);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void areNotThereIfObservationsMakeThem() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ProducerMetrics metrics = new ProducerMetrics(Tags.empty(), false, false);
        metrics.bindTo(registry);

        assertThat(timers((factory, template) -> factory.setListeners(List.of(metrics)), registry))
                .isEmpty();
    }
}
