package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.inspection.OpenProducers;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The endpoint that shows the producers, wherever endpoints are exposed. */
@AutoConfiguration(after = ProducerAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnAvailableEndpoint(ProducersEndpoint.class)
@ConditionalOnBean(DefaultProducerFactory.class)
@Import(OpenProducersConfiguration.class)
public final class ProducersEndpointAutoConfiguration {

    ProducersEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ProducersEndpoint producersEndpoint(
            Map<String, DefaultProducerFactory<?, ?>> factories,
            OpenProducers producers,
            ObjectProvider<SanitizingFunction> sanitizingFunctions) {
        return new ProducersEndpoint(
                factories,
                producers,
                new EffectiveSettings(sanitizingFunctions.orderedStream().toList()));
    }
}
