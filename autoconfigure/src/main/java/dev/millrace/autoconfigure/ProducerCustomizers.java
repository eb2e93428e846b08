package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerFactoryCustomizer;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTemplateCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.util.LambdaSafe;

/** The application's last word on what was made from the properties: its customizers, in their order. */
final class ProducerCustomizers {

    private final ObjectProvider<ProducerFactoryCustomizer<?>> ofFactories;
    private final ObjectProvider<ProducerTemplateCustomizer<?>> ofTemplates;

    ProducerCustomizers(
            ObjectProvider<ProducerFactoryCustomizer<?>> ofFactories,
            ObjectProvider<ProducerTemplateCustomizer<?>> ofTemplates) {
        this.ofFactories = ofFactories;
        this.ofTemplates = ofTemplates;
    }

    @SuppressWarnings("unchecked") // one for another type is left out
    void customize(ProducerFactory<?, ?> factory) {
        LambdaSafe.callbacks(
                        ProducerFactoryCustomizer.class,
                        ofFactories.orderedStream().toList(),
                        factory)
                .withLogger(ProducerCustomizers.class)
                .invoke(customizer -> customizer.customize(factory));
    }

    @SuppressWarnings("unchecked") // as above
    void customize(ProducerTemplate<?, ?> template) {
        LambdaSafe.callbacks(
                        ProducerTemplateCustomizer.class,
                        ofTemplates.orderedStream().toList(),
                        template)
                .withLogger(ProducerCustomizers.class)
                .invoke(customizer -> customizer.customize(template));
    }
}
