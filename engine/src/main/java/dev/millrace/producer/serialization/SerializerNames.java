package dev.millrace.producer.serialization;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of names behind {@link Serializers#named}: per serializer the name of its factory, the same in kebab case,
 * and the name of Kafka's class with and without its package.
 */
final class SerializerNames {

    private static final String KAFKA_PACKAGE = "org.apache.kafka.common.serialization.";

    private static final Map<String, Serializer<?>> BY_NAME = new TreeMap<>();
    private static final List<String> FACTORIES = new ArrayList<>();

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

    private SerializerNames() {}

    static @Nullable Serializer<?> find(String name) {
        return BY_NAME.get(name);
    }

    static List<String> factories() {
        return List.copyOf(FACTORIES);
    }

    private static void put(String factory, String kafkaClass, Serializer<?> serializer) {
        FACTORIES.add(factory);
        BY_NAME.put(factory, serializer);
        BY_NAME.put(kebabCase(factory), serializer);
        BY_NAME.put(kafkaClass, serializer);
        BY_NAME.put(KAFKA_PACKAGE + kafkaClass, serializer);
    }

    private static String kebabCase(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
