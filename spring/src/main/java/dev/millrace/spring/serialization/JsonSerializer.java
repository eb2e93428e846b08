package dev.millrace.spring.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Objects as JSON, written by Jackson 3 right into the engine's buffer. Text becomes a JSON string; use the string
 * serializer for text as it is.
 *
 * <p>Tells the type of the value in a header only if it is given {@link TypeNames}: {@value #VALUE_TYPE_HEADER}, or
 * {@value #KEY_TYPE_HEADER} for a key, the names other consumers look for.
 *
 * @param <T> what is serialized
 */
public class JsonSerializer<T extends @Nullable Object> implements Serializer<T> {

    /** Has the name of a value's type. */
    public static final String VALUE_TYPE_HEADER = "__TypeId__";

    /** Has the name of a key's type. */
    public static final String KEY_TYPE_HEADER = "__Key_TypeId__";

    private final ObjectWriter writer;
    private final @Nullable TypeNames typeNames; // null for no header

    /** With Jackson's own defaults and without a header. */
    public JsonSerializer() {
        this(JsonMapper.shared(), null);
    }

    /** With the application's mapper. */
    public JsonSerializer(ObjectMapper mapper) {
        this(mapper, null);
    }

    /** With the application's mapper, and a header with the name of the type; null for none. */
    public JsonSerializer(ObjectMapper mapper, @Nullable TypeNames typeNames) {
        this.writer = Objects.requireNonNull(mapper, "mapper must not be null").writer();
        this.typeNames = typeNames;
    }

    @Override
    public byte @Nullable [] serialize(String topic, T data) {
        return data == null ? null : writer.writeValueAsBytes(data);
    }

    @Override
    public void serializeTo(SerializationContext context, T data, PayloadBuffer out) {
        if (data == null) {
            out.wrap(null);
            return;
        }
        String name = typeNames == null ? null : typeNames.nameOf(data.getClass());
        if (name != null) {
            context.addHeader(context.isKey() ? KEY_TYPE_HEADER : VALUE_TYPE_HEADER, name.getBytes(UTF_8));
        }
        writer.writeValue(new Sink(out), data);
    }

    /** Writes on; there is nothing to close. */
    private static final class Sink extends OutputStream {

        private final PayloadBuffer out;

        Sink(PayloadBuffer out) {
            this.out = out;
        }

        @Override
        public void write(int value) {
            out.put(value);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            out.put(bytes, from, count);
        }
    }
}
