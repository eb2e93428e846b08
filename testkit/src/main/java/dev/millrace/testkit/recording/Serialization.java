package dev.millrace.testkit.recording;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Key and value of a record in bytes, where there are serializers; runs them on the calling thread. */
final class Serialization<K extends @Nullable Object, V extends @Nullable Object> {

    private final @Nullable Serializer<K> keySerializer;
    private final @Nullable Serializer<V> valueSerializer;

    Serialization(@Nullable Serializer<K> keySerializer, @Nullable Serializer<V> valueSerializer) {
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** What a record is on the wire; the bytes are null for null, and where there is no serializer. */
    static final class Bytes {

        final byte @Nullable [] key;
        final byte @Nullable [] value;
        final Headers headers;

        Bytes(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
            this.key = key;
            this.value = value;
            this.headers = headers;
        }

        static int size(byte @Nullable [] bytes) {
            return bytes == null ? -1 : bytes.length;
        }
    }

    /**
     * Serializes.
     *
     * @throws dev.millrace.producer.errors.SerializationException for whatever a serializer throws
     */
    Bytes serialize(ProducerRecord<K, V> record) {
        SerializationContext context = SerializationContext.forKey(record.topic(), record.headers());
        byte[] key = bytes(keySerializer, context, record.key(), "key");
        context.startValue();
        byte[] value = bytes(valueSerializer, context, record.value(), "value");
        return new Bytes(key, value, context.headers());
    }

    private static <T extends @Nullable Object> byte @Nullable [] bytes(
            @Nullable Serializer<T> serializer, SerializationContext context, @Nullable T object, String part) {
        if (serializer == null || object == null) {
            return null;
        }
        try {
            return bytes(serializer, context, object);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw Failures.serialization(context.topic(), part, object, interrupt);
        } catch (Exception | LinkageError | StackOverflowError thrown) {
            throw Failures.serialization(context.topic(), part, object, thrown);
        }
    }

    private static <T extends @Nullable Object> byte @Nullable [] bytes(
            Serializer<T> serializer, SerializationContext context, T object) throws Exception {
        if (serializer instanceof AsyncSerializer<T> async) {
            return async.serializeAsync(context, object)
                    .toCompletableFuture()
                    .get(async.timeout().toMillis(), TimeUnit.MILLISECONDS);
        }
        PayloadBuffer out = new PayloadBuffer();
        serializer.serializeTo(context, object, out);
        return out.length() < 0 ? null : Arrays.copyOfRange(out.array(), out.offset(), out.offset() + out.length());
    }
}
