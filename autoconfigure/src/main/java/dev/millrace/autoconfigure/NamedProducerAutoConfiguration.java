package dev.millrace.autoconfigure;

import dev.millrace.producer.Producer;
import dev.millrace.spring.ProducerTemplate;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * The producers that are named under {@code app.producer.instance}. They come last, so that nothing that stands back if there
 * is a bean of a kind stands back for theirs; Boot looks only then whether there is a transaction manager.
 */
@AutoConfiguration(
        after = {ProducerAutoConfiguration.class, ProducerTransactionAutoConfiguration.class},
        beforeName = "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration")
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({Producer.class, ProducerTemplate.class})
@ConditionalOnBooleanProperty(name = "app.producer.enabled", matchIfMissing = true)
@Import(NamedProducers.class)
public final class NamedProducerAutoConfiguration {

    NamedProducerAutoConfiguration() {}
}
