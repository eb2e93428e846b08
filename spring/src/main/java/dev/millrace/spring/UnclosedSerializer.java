package dev.millrace.spring;

import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A serializer that outlives the producers which use it: the engine closes its serializers, and a restarted factory
 * opens another producer with the same ones.
 */
record UnclosedSerializer<T extends @Nullable Object>(Serializer<T> delegate) implements Serializer<T> {

    /** Around any serializer; one that does not wait stays such a one. */
    static <T extends @Nullable Object> Serializer<T> of(Serializer<T> serializer) {
        return serializer instanceof AsyncSerializer<T> async
                ? new UnclosedAsyncSerializer<>(async)
                : new UnclosedSerializer<>(serializer);
    }

    @Override
    public byte @Nullable [] serialize(String topic, T data) {
        return delegate.serialize(topic, data);
    }

    @Override
    public void serializeTo(SerializationContext context, T data, PayloadBuffer out) {
        delegate.serializeTo(context, data, out);
    }

    @Override
    public void close() {
        // stays open: whoever made the serializer closes it
    }
}
