package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.inspection.OpenProducers;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Health of the producers: an indicator, or one for each if there are several. */
@AutoConfiguration(
        after = ProducerAutoConfiguration.class,
        beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({DefaultProducerFactory.class, ProducerProperties.class})
@ConditionalOnEnabledHealthIndicator("producer")
@Import(OpenProducersConfiguration.class)
public final class ProducerHealthAutoConfiguration {

    ProducerHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = {"producerHealthIndicator", "producerHealthContributor"})
    HealthContributor producerHealthContributor(
            Map<String, DefaultProducerFactory<?, ?>> factories,
            OpenProducers producers,
            ProducerProperties properties) {
        if (factories.size() == 1) {
            return indicator(factories.values().iterator().next(), producers, properties);
        }
        return CompositeHealthContributor.fromMap(factories, factory -> indicator(factory, producers, properties));
    }

    private static ProducerHealthIndicator indicator(
            DefaultProducerFactory<?, ?> factory, OpenProducers producers, ProducerProperties properties) {
        HealthLimits limits = HealthLimits.of(properties.getHealth(), factory.getConfig());
        return new ProducerHealthIndicator(factory, producers, limits, System::nanoTime);
    }
}
