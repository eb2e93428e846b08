package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTemplateCustomizer;
import dev.millrace.spring.inspection.OpenProducer;
import dev.millrace.spring.inspection.OpenProducers;
import dev.millrace.spring.observation.ProducerObservationConvention;
import dev.millrace.spring.observation.ProducerObservations;
import dev.millrace.spring.observation.ProducerTransactionObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Observations of sends and transactions, if they are switched on and the application has a registry. */
@AutoConfiguration(
        before = ProducerAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "app.producer.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "app.producer.template.observation-enabled")
@EnableConfigurationProperties(ProducerProperties.class)
@Import(OpenProducersConfiguration.class)
public final class ProducerObservationAutoConfiguration {

    ProducerObservationAutoConfiguration() {}

    @Bean
    ProducerTemplateCustomizer<ProducerTemplate<?, ?>> producerObservationCustomizer(
            ProducerProperties properties,
            ObjectProvider<ObservationRegistry> registries,
            ObjectProvider<ProducerObservationConvention> sendConventions,
            ObjectProvider<ProducerTransactionObservationConvention> transactionConventions,
            OpenProducers producers,
            Environment environment) {
        return template -> {
            if (ObservationSwitch.isOn(properties, registries, environment)) {
                ProducerObservations observations = observations(registries.getObject(), template, producers);
                observations.setSendConvention(sendConventions.getIfAvailable());
                observations.setTransactionConvention(transactionConventions.getIfAvailable());
                template.setInstrumentation(observations);
            }
        };
    }

    private static ProducerObservations observations(
            ObservationRegistry registry, ProducerTemplate<?, ?> template, OpenProducers producers) {
        ProducerFactory<?, ?> factory = template.getProducerFactory();
        String clientId = factory instanceof DefaultProducerFactory<?, ?> known
                ? known.getConfig().clientId()
                : null;
        return new ProducerObservations(registry, clientId, () -> clusterId(producers, factory));
    }

    private static @Nullable String clusterId(OpenProducers producers, ProducerFactory<?, ?> factory) {
        return producers.of(factory).stream()
                .map(OpenProducer::clusterId)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
