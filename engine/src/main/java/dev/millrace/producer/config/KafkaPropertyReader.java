package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One pass over properties with Kafka's names: fills a builder and collects what cannot be read. */
final class KafkaPropertyReader {

    static final String KEY_SERIALIZER = "key.serializer";
    static final String VALUE_SERIALIZER = "value.serializer";
    static final String INTERCEPTORS = "interceptor.classes";

    private static final String ENGINE_FACTORY = "ssl.engine.factory.class";

    private static final Set<String> PLUG_INS = Set.of(KEY_SERIALIZER, VALUE_SERIALIZER, INTERCEPTORS);

    private final Map<String, @Nullable Object> properties;
    private final ProducerConfig.Builder builder;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<Setting> unreadable = EnumSet.noneOf(Setting.class);

    /** Reads in the order of the names, so that the same properties give the same message. */
    KafkaPropertyReader(Map<String, ? extends @Nullable Object> properties) {
        this(properties, ProducerConfig.builder());
    }

    /** Fills a builder of the caller's. */
    KafkaPropertyReader(Map<String, ? extends @Nullable Object> properties, ProducerConfig.Builder builder) {
        this.builder = builder;
        this.properties = new TreeMap<>(properties);
    }

    /** The serializer under this name; a stand-in, which nobody gets to see, if there is none. */
    Serializer<?> serializer(String name) {
        Object value = properties.get(name);
        Serializer<?> found = SerializerValues.find(value);
        if (found != null) {
            return found;
        }
        String problem = value == null ? "is missing" : "is not known, and classes are not loaded by name";
        violations.add(new Violation(
                name, value == null ? "" : SerializerValues.text(value), problem + "; " + SerializerValues.REMEDY));
        return Serializers.voids();
    }

    /** The partitioner that is given as an object, null if there is none. */
    @Nullable Partitioner<?, ?> partitioner() {
        return properties.get(Setting.PARTITIONER.kafkaName()) instanceof Partitioner<?, ?> given ? given : null;
    }

    /** The interceptors; what else stands in their place is a violation. */
    List<ProducerInterceptor<?, ?>> interceptors() {
        Object value = properties.get(INTERCEPTORS);
        List<?> given = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        List<ProducerInterceptor<?, ?>> found = new ArrayList<>();
        for (Object each : given) {
            if (each instanceof ProducerInterceptor<?, ?> interceptor) {
                found.add(interceptor);
            } else {
                violations.add(new Violation(
                        INTERCEPTORS,
                        each == null ? "" : SerializerValues.text(each),
                        "classes are not loaded by name; give objects that are a "
                                + ProducerInterceptor.class.getName()));
            }
        }
        return found;
    }

    /** Refuses serializers among the properties, as they are given elsewhere. */
    void refuseSerializers() {
        for (String name : List.of(KEY_SERIALIZER, VALUE_SERIALIZER)) {
            if (properties.containsKey(name)) {
                violations.add(new Violation(
                        name, "", "a serializer is given as an object, too; remove this property or that argument"));
            }
        }
    }

    /**
     * The configuration, checked.
     *
     * @throws dev.millrace.producer.errors.ConfigException with everything found so far and here
     */
    ProducerConfig config() {
        KafkaSaslNames.read(properties, builder, violations);
        properties.forEach(this::readUnlessPlugIn);
        return builder.build(violations, unreadable);
    }

    /** Puts the settings into the builder, and gives back what is not one or cannot be read. */
    List<Violation> readSettings() {
        PLUG_INS.stream()
                .filter(properties::containsKey)
                .sorted()
                .forEach(name -> violations.add(new Violation(name, "", "is no setting; give it as an object")));
        KafkaSaslNames.read(properties, builder, violations);
        properties.forEach(this::readUnlessPlugIn);
        return List.copyOf(violations);
    }

    private void readUnlessPlugIn(String name, @Nullable Object value) {
        if (PLUG_INS.contains(name) || KafkaSaslNames.ALL.contains(name) || isPartitioner(name, value)) {
            return;
        }
        Setting setting = Setting.withKafkaName(name);
        if (name.equals(ENGINE_FACTORY) && value instanceof TlsSource source) {
            builder.tls(source);
        } else if (setting != null) {
            readSetting(setting, value);
        } else {
            violations.add(new Violation(name, "", KnownNames.reasonAgainst(name)));
        }
    }

    private static boolean isPartitioner(String name, @Nullable Object value) {
        return name.equals(Setting.PARTITIONER.kafkaName()) && value instanceof Partitioner<?, ?>;
    }

    private void readSetting(Setting setting, @Nullable Object value) {
        try {
            builder.set(setting, ValueParser.parse(setting, value));
        } catch (IllegalArgumentException cause) {
            unreadable.add(setting);
            violations.add(
                    new Violation(setting.toString(), shown(setting, value), String.valueOf(cause.getMessage())));
        }
    }

    private static String shown(Setting setting, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        return setting.isSecret() ? ValueText.MASK : value.toString();
    }
}
