package dev.millrace.producer.config;

import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import org.jspecify.annotations.Nullable;

/** Serializers as properties have them: objects, names, or Kafka's classes. */
final class SerializerValues {

    /** What a user can write instead of a name that is not known. */
    static final String REMEDY = "give a " + Serializer.class.getName() + " or one of these names: "
            + String.join(", ", Serializers.names()) + ", or the name of Kafka's class with the same bytes, such as"
            + " StringSerializer";

    private SerializerValues() {}

    /** The serializer itself, the one with this name or Kafka class, or null. */
    static @Nullable Serializer<?> find(@Nullable Object value) {
        if (value instanceof Serializer<?> serializer) {
            return serializer;
        }
        return value == null ? null : Serializers.named(text(value));
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
}
