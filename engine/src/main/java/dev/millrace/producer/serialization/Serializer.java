package dev.millrace.producer.serialization;

import org.jspecify.annotations.Nullable;

/**
 * Turns keys or values into bytes.
 *
 * <p>Runs on the thread that calls {@code send}, outside every lock, and must be safe for use by several threads. The
 * engine never calls it with null: a null key or value stays null on the wire. Whatever it throws fails the one record.
 *
 * <p>{@link #serialize} is enough. Override {@link #serializeTo} to write into the engine's scratch buffer and save an
 * array for each record, or to add headers.
 *
 * @param <T> what is serialized
 */
@FunctionalInterface
public interface Serializer<T extends @Nullable Object> extends AutoCloseable {

    /**
     * The bytes of {@code data}; null makes the key or value null on the wire. The engine has copied the array by the
     * time {@code send} returns.
     */
    byte @Nullable [] serialize(String topic, T data);

    /** Writes the bytes of {@code data} to {@code out}, which is empty and valid only during the call. */
    default void serializeTo(SerializationContext context, T data, PayloadBuffer out) {
        out.wrap(serialize(context.topic(), data));
    }

    /** Called once, when the producer closes. */
    @Override
    default void close() {}
}
