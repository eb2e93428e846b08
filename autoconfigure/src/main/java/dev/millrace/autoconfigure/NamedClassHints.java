package dev.millrace.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Keeps the classes that properties name when an application is processed ahead of time: serializers, which are made as beans,
 * and the types of JSON. What only the run names is up to the application.
 */
final class NamedClassHints implements BeanFactoryInitializationAotProcessor {

    private static final String TYPE_NAMES = "app.producer.json.type-names";

    NamedClassHints() {}

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        if (beanFactory.getBeanNamesForType(ProducerFactoryAssembly.class, true, false).length == 0) {
            return null;
        }
        Environment environment =
                beanFactory.getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME, Environment.class);
        Binder binder = Binder.get(environment);
        Set<Class<?>> serializers = new LinkedHashSet<>();
        Set<Class<?>> payloads = new LinkedHashSet<>();
        Stream.concat(Stream.of(ProducerInstance.DEFAULT), ProducerInstances.of(environment).stream())
                .forEach(producer -> {
                    addSerializers(producer, binder, beanFactory.getBeanClassLoader(), serializers);
                    addPayloads(producer, binder, beanFactory.getBeanClassLoader(), payloads);
                });
        return (context, code) -> {
            ReflectionHints hints = context.getRuntimeHints().reflection();
            hints.registerTypes(
                    serializers.stream().map(TypeReference::of).toList(),
                    type -> type.withMembers(
                            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                            MemberCategory.INVOKE_DECLARED_METHODS,
                            MemberCategory.ACCESS_DECLARED_FIELDS));
            new BindingReflectionHintsRegistrar().registerReflectionHints(hints, payloads.toArray(Class<?>[]::new));
        };
    }

    private static void addSerializers(
            ProducerInstance producer, Binder binder, @Nullable ClassLoader classLoader, Set<Class<?>> serializers) {
        Stream.of(ProducerSerializers.KEY_PROPERTY, ProducerSerializers.VALUE_PROPERTY)
                .map(property ->
                        binder.bind(producer.property(property), String.class).orElse(""))
                .map(name -> SerializerProperty.read(name, classLoader).type())
                .forEach(type -> {
                    if (type != null) {
                        serializers.add(type);
                    }
                });
    }

    private static void addPayloads(
            ProducerInstance producer, Binder binder, @Nullable ClassLoader classLoader, Set<Class<?>> payloads) {
        binder.bind(producer.property(TYPE_NAMES), Bindable.mapOf(String.class, String.class))
                .ifBound(names -> names.values().stream()
                        .filter(name -> ClassUtils.isPresent(name, classLoader))
                        .map(name -> ClassUtils.resolveClassName(name, classLoader))
                        .forEach(payloads::add));
    }
}
