package dev.millrace.autoconfigure;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Keeps the secrets of producers out of endpoints, also if an application lets these show values. */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
@ConditionalOnBooleanProperty(name = "app.producer.enabled", matchIfMissing = true)
public final class ProducerSanitizingAutoConfiguration {

    ProducerSanitizingAutoConfiguration() {}

    @Bean
    SanitizingFunction producerSanitizingFunction() {
        return data -> SecretKeys.isSecret(data.getKey()) ? data.withSanitizedValue() : data;
    }
}
