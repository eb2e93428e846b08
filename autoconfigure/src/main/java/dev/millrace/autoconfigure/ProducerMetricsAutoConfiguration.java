package dev.millrace.autoconfigure;

import dev.millrace.spring.metrics.ProducerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Meters of the producers. They are bound to every registry that Boot binds meters to, whenever it comes, and without Boot's
 * metrics to the application's only or primary registry.
 */
@AutoConfiguration(
        before = ProducerAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "app.producer.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "app.producer.metrics.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ProducerProperties.class)
public final class ProducerMetricsAutoConfiguration {

    ProducerMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ProducerMetrics producerMetrics(
            ProducerProperties properties, ObjectProvider<ObservationRegistry> observations, Environment environment) {
        MetricsProperties metrics = properties.getMetrics();
        List<Tag> tags = metrics.getTags().entrySet().stream()
                .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                .toList();
        boolean isObserved = ObservationSwitch.isOn(properties, observations, environment);
        return new ProducerMetrics(tags, metrics.isPerTopic(), !isObserved);
    }

    /** A second binding to the same registry, by Boot, does nothing. */
    @Bean
    SmartInitializingSingleton producerMetricsBinding(
            ProducerMetrics metrics, ObjectProvider<MeterRegistry> registries) {
        return () -> registries.ifUnique(metrics::bindTo);
    }
}
