package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTransactionManager;
import org.springframework.beans.factory.BeanRegistry;

/** The transaction manager of a named producer; apart from the other beans, as an application may have no transactions. */
final class NamedTransactionManager {

    private NamedTransactionManager() {}

    static void register(ProducerInstance instance, String factory, BeanRegistry registry) {
        registry.registerBean(
                instance.beanName("producerTransactionManager"),
                ProducerTransactionManager.class,
                spec -> spec.fallback().supplier(context -> {
                    ProducerTransactionManager manager =
                            new ProducerTransactionManager(context.bean(factory, DefaultProducerFactory.class));
                    context.beanProvider(TransactionManagerCustomization.class)
                            .ifAvailable(customization -> customization.applyTo(manager));
                    return manager;
                }));
    }
}
