package dev.millrace.spring;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Whatever producer the factory shares at the time of the call. */
record SharedTarget<K extends @Nullable Object, V extends @Nullable Object>(ProducerFactory<K, V> factory)
        implements SendTarget<K, V> {

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, PendingSend<K, V> pending) {
        return factory.getSharedProducer().send(record, pending);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, PendingSend<K, V> pending) {
        return factory.getSharedProducer().trySend(record, pending);
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        return factory.getSharedProducer().whenWritable();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        Producer<K, V> producer = factory.getSharedProducer();
        return follower == null ? producer.sendAll(records, options) : producer.sendAll(records, options, follower);
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        Producer<K, V> producer = factory.getSharedProducer();
        return follower == null ? producer.sendAll(records, options) : producer.sendAll(records, options, follower);
    }

    @Override
    public void flush() {
        factory.getSharedProducer().flush();
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return factory.getSharedProducer().flushAsync();
    }
}
