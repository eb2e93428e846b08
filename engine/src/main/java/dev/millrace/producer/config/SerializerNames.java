package dev.millrace.producer.config;

import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of the built-in serializers: the name of the factory in {@link Serializers}, and the name of Kafka's class with
 * the same bytes, with and without its package.
 */
final class SerializerNames {

    private static final String KAFKA_PACKAGE = "org.apache.kafka.common.serialization.";

    private static final Map<String, Serializer<?>> BY_NAME = new LinkedHashMap<>();

    static {
        put("string", "StringSerializer", Serializers.string());
        put("bytes", "ByteArraySerializer", Serializers.bytes());
        put("byteBuffer", "ByteBufferSerializer", Serializers.byteBuffer());
        put("shorts", "ShortSerializer", Serializers.shorts());
        put("integers", "IntegerSerializer", Serializers.integers());
        put("longs", "LongSerializer", Serializers.longs());
        put("floats", "FloatSerializer", Serializers.floats());
        put("doubles", "DoubleSerializer", Serializers.doubles());
        put("uuid", "UUIDSerializer", Serializers.uuid());
        put("voids", "VoidSerializer", Serializers.voids());
    }

    /** What a user can write instead of a name that is not known. */
    static final String REMEDY = "give a " + Serializer.class.getName() + " or one of these names: "
            + String.join(", ", withoutPackage(BY_NAME.keySet()));

    private SerializerNames() {}

    /** The serializer itself, the one with this name or Kafka class, or null. */
    static @Nullable Serializer<?> find(@Nullable Object value) {
        if (value instanceof Serializer<?> serializer) {
            return serializer;
        }
        return value == null ? null : BY_NAME.get(text(value));
    }

    /** The name meant by a property's value: text, a class's name, or the class of an object that is no serializer. */
    static String text(Object value) {
        if (value instanceof String text) {
            return text.trim();
        }
        return value instanceof Class<?> type
                ? type.getName()
                : "an instance of " + value.getClass().getName();
    }

    private static void put(String name, String kafkaClass, Serializer<?> serializer) {
        BY_NAME.put(name, serializer);
        BY_NAME.put(kafkaClass, serializer);
        BY_NAME.put(KAFKA_PACKAGE + kafkaClass, serializer);
    }

    private static Collection<String> withoutPackage(Collection<String> names) {
        return names.stream().filter(name -> !name.startsWith(KAFKA_PACKAGE)).toList();
    }
}
