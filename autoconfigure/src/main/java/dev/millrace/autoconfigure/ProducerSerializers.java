package dev.millrace.autoconfigure;

import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringUtils;

/**
 * The serializers of the auto-configured producer.
 *
 * <p>What {@code app.producer.key-serializer} or {@code app.producer.value-serializer} names comes first: a built-in
 * serializer, or a class, which stands for the only bean of that class or else for a new instance made as a bean, with
 * injection. Without the property: the bean whose name or
 * qualifier is {@value #KEY_BEAN} or {@value #VALUE_BEAN}; for the value then the only other {@link Serializer} bean, or
 * the primary one of several; and text as UTF-8 in the end, for values beside bytes as they are and, if Jackson is there,
 * everything else as JSON. A named producer prefers beans with its own name in theirs, such as
 * {@code ordersProducerKeySerializer}, and no other producer uses these.
 */
final class ProducerSerializers implements DisposableBean {

    static final String KEY_BEAN = "producerKeySerializer";
    static final String VALUE_BEAN = "producerValueSerializer";
    static final String KEY_PROPERTY = "app.producer.key-serializer";
    static final String VALUE_PROPERTY = "app.producer.value-serializer";

    private final ConfigurableListableBeanFactory beanFactory;
    private final ProducerInstance instance;
    private final JsonProperties json;
    private final Serializer<?> key;
    private final Serializer<?> value;

    /** Instances that are not beans, so closing them is up to us. */
    private final List<Serializer<?>> made = new ArrayList<>();

    ProducerSerializers(
            ProducerProperties properties,
            ConfigurableListableBeanFactory beanFactory,
            ProducerInstance instance,
            PropertyOrigins origins) {
        this.beanFactory = beanFactory;
        this.instance = instance;
        this.json = properties.getJson();
        ClassLoader classLoader = beanFactory.getBeanClassLoader();
        SerializerProperty keyProperty = SerializerProperty.read(properties.getKeySerializer(), classLoader);
        SerializerProperty valueProperty = SerializerProperty.read(properties.getValueSerializer(), classLoader);
        refuseUnusable(keyProperty, valueProperty, origins);
        this.key = keySerializer(keyProperty);
        this.value = valueSerializer(valueProperty);
    }

    Serializer<?> key() {
        return key;
    }

    Serializer<?> value() {
        return value;
    }

    /** After the producer is closed. */
    @Override
    public void destroy() {
        for (Serializer<?> serializer : made) {
            beanFactory.destroyBean(serializer);
            serializer.close();
        }
        made.clear();
    }

    private static void refuseUnusable(
            SerializerProperty keyProperty, SerializerProperty valueProperty, PropertyOrigins origins) {
        List<PropertyViolation> violations = new ArrayList<>();
        addViolation(KEY_PROPERTY, keyProperty, origins, violations);
        addViolation(VALUE_PROPERTY, valueProperty, origins, violations);
        if (!violations.isEmpty()) {
            throw new InvalidProducerPropertiesException(violations, null);
        }
    }

    private static void addViolation(
            String property, SerializerProperty read, PropertyOrigins origins, List<PropertyViolation> violations) {
        if (read.refusal() != null) {
            violations.add(
                    new PropertyViolation(origins.nameOf(property), read.text(), origins.of(property), read.refusal()));
        }
    }

    private Serializer<?> keySerializer(SerializerProperty property) {
        Serializer<?> set = set(property);
        if (set != null) {
            return set;
        }
        List<String> qualified = ownOrQualified(KEY_BEAN);
        return qualified.isEmpty() ? Serializers.string() : bean(qualified.get(0));
    }

    private Serializer<?> valueSerializer(SerializerProperty property) {
        Serializer<?> set = set(property);
        if (set != null) {
            return set;
        }
        List<String> qualified = ownOrQualified(VALUE_BEAN);
        if (!qualified.isEmpty()) {
            return bean(qualified.get(0));
        }
        List<String> candidates = new ArrayList<>(serializerBeans());
        candidates.removeAll(qualified(KEY_BEAN));
        candidates.removeIf(name -> isAnothers(name) || key == bean(name));
        if (candidates.stream().anyMatch(this::isPrimary)) {
            candidates.removeIf(name -> !isPrimary(name));
        }
        return switch (candidates.size()) {
            case 0 -> textOrJson();
            case 1 -> bean(candidates.get(0));
            default -> throw new AmbiguousSerializerException(candidates);
        };
    }

    private Serializer<?> textOrJson() {
        Serializer<?> any = JsonSupport.forValues(beanFactory, json);
        return any == null ? Serializers.string() : any;
    }

    /** The serializer the property asks for, or null if it is not set. */
    private @Nullable Serializer<?> set(SerializerProperty property) {
        if (property.isJson()) {
            return JsonSupport.serializer(beanFactory, json);
        }
        return property.type() == null ? property.builtIn() : ofType(property.type());
    }

    private Serializer<?> ofType(Class<?> type) {
        Object bean = beanFactory.getBeanProvider(type).getIfUnique();
        if (bean != null) {
            return (Serializer<?>) bean;
        }
        Serializer<?> serializer = (Serializer<?>) beanFactory.createBean(type);
        made.add(serializer);
        return serializer;
    }

    private List<String> ownOrQualified(String qualifier) {
        List<String> own = instance.isDefault() ? List.of() : qualified(instance.beanName(qualifier));
        return own.isEmpty() ? qualified(qualifier) : own;
    }

    /** Of a named producer by its name; one of this producer would have been found before. */
    private static boolean isAnothers(String name) {
        return name.endsWith(StringUtils.capitalize(KEY_BEAN)) || name.endsWith(StringUtils.capitalize(VALUE_BEAN));
    }

    private List<String> qualified(String qualifier) {
        return serializerBeans().stream()
                .filter(name -> BeanFactoryAnnotationUtils.isQualifierMatch(qualifier::equals, name, beanFactory))
                .toList();
    }

    private boolean isPrimary(String name) {
        return beanFactory.containsBeanDefinition(name)
                && beanFactory.getMergedBeanDefinition(name).isPrimary();
    }

    private List<String> serializerBeans() {
        return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, Serializer.class))
                .filter(this::isCandidate)
                .toList();
    }

    private boolean isCandidate(String name) {
        return !beanFactory.containsBeanDefinition(name)
                || beanFactory.getMergedBeanDefinition(name).isAutowireCandidate();
    }

    private Serializer<?> bean(String name) {
        return beanFactory.getBean(name, Serializer.class);
    }
}
