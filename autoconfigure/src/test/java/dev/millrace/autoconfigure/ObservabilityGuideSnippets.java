package dev.millrace.autoconfigure;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.metrics.ProducerMetrics;
import dev.millrace.spring.observation.DefaultProducerObservationConvention;
import dev.millrace.spring.observation.ProducerObservationConvention;
import dev.millrace.spring.observation.ProducerObservations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Java of docs/guide/observability.md. */
final class ObservabilityGuideSnippets {

    private ObservabilityGuideSnippets() {}

    @Configuration(proxyBeanMethods = false)
    static class Conventions {

        @Bean
        ProducerObservationConvention withKeys() {
            return new DefaultProducerObservationConvention(true);
        }
    }

    static ProducerTemplate<String, String> withoutBoot(
            ProducerConfig config, MeterRegistry registry, ObservationRegistry observationRegistry) {
        ProducerMetrics metrics = new ProducerMetrics(Tags.of("region", "north"), true, false);
        metrics.bindTo(registry);
        DefaultProducerFactory<String, String> factory =
                new DefaultProducerFactory<>(config, Serializers.string(), Serializers.string());
        factory.setListeners(List.of(metrics));
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        template.setInstrumentation(new ProducerObservations(observationRegistry));
        return template;
    }
}
