package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.BeanRegistry.SupplierContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Registers the beans of each named producer: factory, template, serializers and, if it sends in transactions, its manager. All
 * are fallbacks: without a qualifier the default producer's are found, or those of the only named one. A registrar is asked at
 * each start, also of an application that is processed ahead of time, so names need not be known before. At build time it only
 * tells which beans there are to be, as far as is known: what they are made of may have no value yet.
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
        if (!BuildTime.isNow()) {
            TransactionalIdPrefixes.refuseShared(instances, environment);
        }
        instances.forEach(instance -> register(instance, registry, environment));
    }

    private static void register(ProducerInstance instance, BeanRegistry registry, Environment environment) {
        SingletonSupplier<ProducerProperties> properties =
                SingletonSupplier.of(() -> InstanceProperties.bind(instance, environment));
        if (!BuildTime.isNow()) {
            properties.obtain(); // refuses now what cannot be read
        }
        String serializers = instance.beanName("producerSerializers");
        String factory = instance.beanName("producerFactory");
        registry.registerBean(serializers, ProducerSerializers.class, spec -> spec.fallback()
                .supplier(context ->
                        context.bean(ProducerFactoryAssembly.class).serializers(instance, properties.obtain())));
        registry.registerBean(factory, FACTORY, spec -> spec.fallback()
                .supplier(context -> context.bean(ProducerFactoryAssembly.class)
                        .factory(
                                instance,
                                properties.obtain(),
                                connectionDetails(instance, properties.obtain(), environment, context),
                                context.bean(serializers, ProducerSerializers.class))));
        registry.registerBean(instance.beanName("producerTemplate"), TEMPLATE, spec -> spec.fallback()
                .supplier(context -> context.bean(TemplateSetup.class)
                        .template(
                                context.bean(factory, DefaultProducerFactory.class),
                                properties.obtain().getTemplate())));
        if (isTransactional(instance, properties, environment)
                && ClassUtils.isPresent(TRANSACTION_MANAGER, NamedProducers.class.getClassLoader())) {
            NamedTransactionManager.register(instance, factory, registry);
        }
    }

    private static boolean isTransactional(
            ProducerInstance instance, SingletonSupplier<ProducerProperties> properties, Environment environment) {
        if (BuildTime.isNow()) {
            Binder binder = Binder.get(environment);
            return PropertyTransactions.isEnabled(
                    ofInstanceOrDefault(PropertyTransactions.ENABLED, Boolean.class, instance, binder),
                    ofInstanceOrDefault(PropertyTransactions.ID_PREFIX, String.class, instance, binder));
        }
        return new PropertySettings(properties.obtain(), environment.getProperty("spring.application.name"))
                .transactions()
                .isEnabled();
    }

    private static <T> @Nullable T ofInstanceOrDefault(
            String property, Class<T> type, ProducerInstance instance, Binder binder) {
        return binder.bind(instance.property(property), type)
                .orElseGet(() -> binder.bind(property, type).orElse(null));
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
