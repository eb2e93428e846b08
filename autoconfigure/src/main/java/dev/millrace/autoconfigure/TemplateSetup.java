package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerTemplate;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/** Makes templates as the properties say, with the application's listeners in their order. */
final class TemplateSetup {

    private final CallbackExecutors executors;
    private final ObjectProvider<ProducerListener<?, ?>> listeners;
    private final ProducerCustomizers customizers;

    TemplateSetup(
            BeanFactory beanFactory,
            Environment environment,
            ObjectProvider<ProducerListener<?, ?>> listeners,
            ProducerCustomizers customizers) {
        this.executors = new CallbackExecutors(beanFactory, environment);
        this.listeners = listeners;
        this.customizers = customizers;
    }

    /** Types of keys and values are not compared, as nobody but the user knows what the serializers take. */
    @SuppressWarnings("unchecked")
    ProducerTemplate<?, ?> template(ProducerFactory<?, ?> factory, TemplateProperties properties) {
        ProducerTemplate<Object, Object> template = new ProducerTemplate<>((ProducerFactory<Object, Object>) factory);
        if (properties.getDefaultTopic() != null) {
            template.setDefaultTopic(properties.getDefaultTopic().trim());
        }
        if (properties.getAllowNonTransactional() != null) {
            template.setAllowNonTransactional(properties.getAllowNonTransactional());
        }
        template.setCallbackExecutor(executors.named(properties.getCallbackExecutor()));
        template.setListeners((List<ProducerListener<Object, Object>>)
                (List<?>) listeners.orderedStream().toList());
        customizers.customize(template);
        return template;
    }
}
