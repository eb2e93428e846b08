package dev.millrace.spring;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.errors.ProducerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An engine that keeps every record until the test says what becomes of it. */
final class FakeProducer<K extends @Nullable Object, V extends @Nullable Object> implements Producer<K, V> {

    /** A record the test has not decided about yet. */
    record Sent<K extends @Nullable Object, V extends @Nullable Object>(
            ProducerRecord<K, V> record, SendCallback callback, CompletableFuture<RecordMetadata> future) {

        void deliver(int partition, long offset) {
            RecordMetadata metadata = new RecordMetadata(record.topic(), partition, offset, 17, 1, 1);
            callback.onCompletion(metadata, null);
            future.complete(metadata);
        }

        void fail(int partition, ProducerException failure) {
            callback.onCompletion(
                    new RecordMetadata(record.topic(), partition, RecordMetadata.NO_OFFSET, 17, 1, 1), failure);
            future.completeExceptionally(failure);
        }
    }

    /** What a {@code sendAll} was given. */
    record Source(Object records, SendAllOptions options) {}

    final List<Sent<K, V>> sent = new CopyOnWriteArrayList<>();
    final List<UndeliveredRecord> undelivered = new ArrayList<>();
    final List<Duration> closes = new CopyOnWriteArrayList<>();
    final AtomicInteger flushes = new AtomicInteger();
    final CompletableFuture<Void> flush = new CompletableFuture<>();
    final CompletableFuture<List<PartitionInfo>> partitions = new CompletableFuture<>();

    final CompletableFuture<Void> writable = new CompletableFuture<>();
    final List<Source> sources = new CopyOnWriteArrayList<>();
    final CompletableFuture<SendAllResult> sendAll = new CompletableFuture<>();
    final CompletableFuture<PipelineSnapshot> snapshot = new CompletableFuture<>();
    final CompletableFuture<UUID> clientInstanceId = new CompletableFuture<>();

    volatile boolean isFull;
    volatile @Nullable RuntimeException thrownBySend;
    volatile @Nullable RuntimeException thrownByFlush;
    volatile Runnable duringClose = () -> {};

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return send(record, (metadata, failure) -> {});
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback) {
        RuntimeException failure = thrownBySend;
        if (failure != null) {
            throw failure;
        }
        if (!closes.isEmpty()) {
            throw new IllegalStateException("producer is closed");
        }
        Sent<K, V> entry = new Sent<>(record, callback, new CompletableFuture<>());
        sent.add(entry);
        return entry.future();
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record) {
        return send(record);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback) {
        return isFull ? null : send(record, callback);
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        return writable;
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        sources.add(new Source(records, options));
        return sendAll;
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        sources.add(new Source(records, options));
        return sendAll;
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options, RecordFollower<K, V> follower) {
        throw new UnsupportedOperationException("sends one by one only");
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            RecordFollower<K, V> follower) {
        throw new UnsupportedOperationException("sends one by one only");
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return snapshot;
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        return clientInstanceId;
    }

    @Override
    public void flush() {
        RuntimeException failure = thrownByFlush;
        if (failure != null) {
            throw failure;
        }
        flushes.incrementAndGet();
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return flush;
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        return partitions;
    }

    @Override
    public CloseReport close(Duration timeout) {
        closes.add(timeout);
        duringClose.run();
        return new CloseReport(sent.size(), sent.size() - undelivered.size(), undelivered.size(), undelivered);
    }

    @Override
    public void close() {
        close(Duration.ofMinutes(2));
    }
}
