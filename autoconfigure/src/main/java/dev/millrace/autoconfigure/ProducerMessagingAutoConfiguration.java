package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.messaging.DefaultRecordConverter;
import dev.millrace.spring.messaging.HeaderPatterns;
import dev.millrace.spring.messaging.MessageProducerTemplate;
import dev.millrace.spring.messaging.RecordConverter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

/**
 * Sends messages through the template, where there are messages. The application's {@link RecordConverter} is used if it has
 * one, else its {@link HeaderPatterns} for the headers.
 */
@AutoConfiguration(after = ProducerAutoConfiguration.class)
@ConditionalOnClass({Message.class, ProducerOperations.class})
@ConditionalOnSingleCandidate(ProducerOperations.class)
public final class ProducerMessagingAutoConfiguration {

    ProducerMessagingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MessageProducerTemplate<?, ?> messageProducerTemplate(
            ProducerOperations<?, ?> template,
            ObjectProvider<RecordConverter> converters,
            ObjectProvider<HeaderPatterns> patterns) {
        RecordConverter converter = converters.getIfUnique(
                () -> new DefaultRecordConverter(patterns.getIfUnique(HeaderPatterns::defaults)));
        return new MessageProducerTemplate<>(template, converter);
    }
}
