package dev.millrace.spring;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import org.jspecify.annotations.Nullable;

/** An interceptor that outlives the producers which use it, as an {@link UnclosedSerializer} does. */
record UnclosedInterceptor<K extends @Nullable Object, V extends @Nullable Object>(ProducerInterceptor<K, V> delegate)
        implements ProducerInterceptor<K, V> {

    @Override
    public ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        return delegate.onSend(record);
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
        delegate.onAcknowledgement(metadata, headers, failure);
    }

    @Override
    public void close() {
        // stays open: whoever made the interceptor closes it
    }
}
