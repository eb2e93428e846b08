package dev.millrace.autoconfigure;

import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * What a property says about a serializer: the built-in one of that name, a class of the application's, nothing, or
 * something wrong. Names come first, so Kafka's class names are never loaded.
 *
 * @param builtIn null unless the property has the name of one
 * @param type null unless the property has the name of a class that can be used
 * @param refusal why the value cannot be used, or null
 */
record SerializerProperty(
        String text, @Nullable Serializer<?> builtIn, @Nullable Class<?> type, @Nullable String refusal) {

    private static final String REMEDY = "write the name of a class that implements " + Serializer.class.getName()
            + ", or one of the built-in serializers: " + String.join(", ", Serializers.names()) + ", "
            + JsonSupport.NAME;

    /** Reads the property's value; blank is nothing. */
    static SerializerProperty read(@Nullable String value, @Nullable ClassLoader classLoader) {
        String text = StringUtils.hasText(value) ? value.trim() : "";
        Serializer<?> builtIn = Serializers.named(text);
        if (text.isEmpty() || builtIn != null) {
            return new SerializerProperty(text, builtIn, null, null);
        }
        if (text.equals(JsonSupport.NAME)) {
            return JsonSupport.isPresent(classLoader)
                    ? new SerializerProperty(text, null, null, null)
                    : refused(text, "Jackson is not on the class path; add tools.jackson.core:jackson-databind");
        }
        try {
            Class<?> type = ClassUtils.forName(text, classLoader);
            return Serializer.class.isAssignableFrom(type)
                    ? new SerializerProperty(text, null, type, null)
                    : refused(text, "the class does not implement the interface of serializers; " + REMEDY);
        } catch (ClassNotFoundException unknown) {
            return refused(text, "there is no such class and no built-in serializer of that name; " + REMEDY);
        } catch (LinkageError broken) {
            return refused(text, "the class cannot be loaded (" + broken + "); " + REMEDY);
        }
    }

    /** Whether it asks for JSON, and Jackson is there. */
    boolean isJson() {
        return text.equals(JsonSupport.NAME) && refusal == null;
    }

    private static SerializerProperty refused(String text, String reason) {
        return new SerializerProperty(text, null, null, reason);
    }
}
