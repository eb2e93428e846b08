package dev.millrace.autoconfigure;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerConfigCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** Makes the factories, the default one and the named ones alike, of what the context has. */
final class ProducerFactoryAssembly {

    private final ConfigurableListableBeanFactory beanFactory;
    private final Environment environment;
    private final ProducerPlugInBeans plugIns;
    private final TransactionSetup transactions;
    private final ObjectProvider<ProducerConfigCustomizer> customizers;
    private final ProducerSecurity security;
    private final FactoryLifecycle lifecycle;
    private final ProducerCustomizers finalCustomizers;

    ProducerFactoryAssembly(
            ConfigurableListableBeanFactory beanFactory,
            Environment environment,
            ProducerPlugInBeans plugIns,
            TransactionSetup transactions,
            ObjectProvider<ProducerConfigCustomizer> customizers,
            ProducerSecurity security,
            FactoryLifecycle lifecycle,
            ProducerCustomizers finalCustomizers) {
        this.beanFactory = beanFactory;
        this.environment = environment;
        this.plugIns = plugIns;
        this.transactions = transactions;
        this.customizers = customizers;
        this.security = security;
        this.lifecycle = lifecycle;
        this.finalCustomizers = finalCustomizers;
        UnknownKeys.check(environment, ProducerInstances.of(environment));
    }

    ProducerSerializers serializers(ProducerInstance instance, ProducerProperties properties) {
        return new ProducerSerializers(properties, beanFactory, instance, new PropertyOrigins(environment, instance));
    }

    /** Checks the configuration; opens nothing. */
    DefaultProducerFactory<?, ?> factory(
            ProducerInstance instance,
            ProducerProperties properties,
            ProducerConnectionDetails connection,
            ProducerSerializers serializers) {
        PropertySettings settings =
                new PropertySettings(properties, environment.getProperty("spring.application.name"));
        ProducerConfig config = new ProducerConfigAssembly(
                        settings,
                        connection,
                        security.of(instance, properties, connection),
                        customizers.orderedStream().toList(),
                        instance,
                        new PropertyOrigins(environment, instance),
                        beanFactory.getBeanClassLoader())
                .assemble();
        DefaultProducerFactory<?, ?> factory =
                new DefaultProducerFactory<>(config, serializers.key(), serializers.value());
        factory.setBeanName(instance.beanName("producerFactory")); // now, so that customizers know it by its name
        plugIns.applyTo(factory);
        transactions.applyTo(factory, instance, settings.transactions());
        if (properties.getCloseTimeout() != null) {
            factory.setCloseTimeout(properties.getCloseTimeout());
        }
        lifecycle.applyTo(factory, properties);
        finalCustomizers.customize(factory);
        ShutdownTimeouts.check(factory, environment);
        return factory;
    }
}
