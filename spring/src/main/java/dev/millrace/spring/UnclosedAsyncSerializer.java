package dev.millrace.spring;

import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** As an {@link UnclosedSerializer}, for one that does not wait. */
record UnclosedAsyncSerializer<T extends @Nullable Object>(AsyncSerializer<T> delegate) implements AsyncSerializer<T> {

    @Override
    public CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, T data) {
        return delegate.serializeAsync(context, data);
    }

    @Override
    public Duration timeout() {
        return delegate.timeout();
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
