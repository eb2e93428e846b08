package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import java.util.List;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.BeanRegistry.SupplierContext;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Registers the beans of each named producer: factory, template, serializers and, if it sends in transactions, its manager. All
 * are fallbacks: without a qualifier the default producer's are found, or those of the only named one. A registrar is asked at
 * each start, also of an application that is processed ahead of time, so names need not be known before.
 */
final class NamedProducers implements BeanRegistrar {

    private static final String TRANSACTION_MANAGER = "org.springframework.transaction.PlatformTransactionManager";

    /** Any injection point's types match, as with the default producer. */
    private static final ParameterizedTypeReference<DefaultProducerFactory<?, ?>> FACTORY =
            new ParameterizedTypeReference<>() {};

    private static final ParameterizedTypeReference<ProducerTemplate<?, ?>> TEMPLATE =
            new ParameterizedTypeReference<>() {};

    NamedProducers() {}

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        List<ProducerInstance> instances = ProducerInstances.of(environment);
        TransactionalIdPrefixes.refuseShared(instances, environment);
        instances.forEach(instance -> register(instance, registry, environment));
    }

    private static void register(ProducerInstance instance, BeanRegistry registry, Environment environment) {
        ProducerProperties properties = InstanceProperties.bind(instance, environment);
        String serializers = instance.beanName("producerSerializers");
        String factory = instance.beanName("producerFactory");
        registry.registerBean(serializers, ProducerSerializers.class, spec -> spec.fallback()
                .supplier(context -> context.bean(ProducerFactoryAssembly.class).serializers(instance, properties)));
        registry.registerBean(factory, FACTORY, spec -> spec.fallback()
                .supplier(context -> context.bean(ProducerFactoryAssembly.class)
                        .factory(
                                instance,
                                properties,
                                connectionDetails(instance, properties, environment, context),
                                context.bean(serializers, ProducerSerializers.class))));
        registry.registerBean(instance.beanName("producerTemplate"), TEMPLATE, spec -> spec.fallback()
                .supplier(context -> context.bean(TemplateSetup.class)
                        .template(context.bean(factory, DefaultProducerFactory.class), properties.getTemplate())));
        if (isTransactional(properties, environment)
                && ClassUtils.isPresent(TRANSACTION_MANAGER, NamedProducers.class.getClassLoader())) {
            NamedTransactionManager.register(instance, factory, registry);
        }
    }

    private static boolean isTransactional(ProducerProperties properties, Environment environment) {
        return new PropertySettings(properties, environment.getProperty("spring.application.name"))
                .transactions()
                .isEnabled();
    }

    /** A producer that says itself where its cluster is, or how to get in, is not meant by the details of another. */
    private static ProducerConnectionDetails connectionDetails(
            ProducerInstance instance,
            ProducerProperties properties,
            Environment environment,
            SupplierContext context) {
        PropertyOrigins origins = new PropertyOrigins(environment, instance);
        boolean isOwn = PropertiesProducerConnectionDetails.PROPERTIES.stream().anyMatch(origins::isOwn);
        return isOwn
                ? new PropertiesProducerConnectionDetails(
                        properties, context.beanProvider(SslBundles.class).getIfAvailable())
                : context.bean(ProducerConnectionDetails.class);
    }
}
