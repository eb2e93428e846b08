package dev.millrace.autoconfigure;

import dev.millrace.spring.inspection.OpenProducers;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The producers that are open, for those who look at them; imported by each, and there only if one of them is. */
@Configuration(proxyBeanMethods = false)
class OpenProducersConfiguration {

    OpenProducersConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    OpenProducers openProducers() {
        return new OpenProducers();
    }
}
