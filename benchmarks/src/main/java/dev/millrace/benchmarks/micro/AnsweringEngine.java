package dev.millrace.benchmarks.micro;

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
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.StageTimes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * In place of an engine, and allocates nothing: records are delivered in batches, the last record of one delivers it. What the
 * engine calls it calls, too: an interceptor for each record, an observer for each batch.
 */
final class AnsweringEngine implements Producer<String, String> {

    private static final int BATCH_RECORDS = 100;
    private static final BatchEnd BATCH = new BatchEnd(
            new TopicPartition("orders", 0),
            BATCH_RECORDS,
            12_000,
            12_100,
            1,
            new StageTimes(0, 5_000_000, 1_000_000, 3_000_000, 0, 1_000_000),
            null);

    private final RecordMetadata delivered = new RecordMetadata("orders", 0, 17, 1_700_000_000_000L, 1, 1);
    private final CompletableFuture<RecordMetadata> future = CompletableFuture.completedFuture(delivered);
    private final ProducerInterceptor<String, String> interceptor = new ProducerInterceptor<>() {};
    private final @Nullable ProducerObserver observer; // null if nobody observes
    private final ProducerRecord<?, ?>[] records = new ProducerRecord<?, ?>[BATCH_RECORDS];
    private final SendCallback[] callbacks = new SendCallback[BATCH_RECORDS];
    private int waiting;

    AnsweringEngine(@Nullable ProducerObserver observer) {
        this.observer = observer;
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<String, String> record, SendCallback callback) {
        records[waiting] = interceptor.onSend(record);
        callbacks[waiting++] = callback;
        if (waiting == BATCH_RECORDS) {
            deliver();
            waiting = 0;
        }
        return future;
    }

    private void deliver() {
        for (int i = 0; i < BATCH_RECORDS; i++) {
            interceptor.onAcknowledgement(delivered, records[i].headers(), null);
            callbacks[i].onCompletion(delivered, null);
        }
        if (observer != null) {
            observer.onBatchEnded(BATCH);
        }
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<String, String> record) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<String, String> record) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(
            ProducerRecord<String, String> record, SendCallback callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<String, String>> source, SendAllOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<String, String>> source,
            SendAllOptions options,
            RecordFollower<String, String> follower) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<String, String>> source, SendAllOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<String, String>> source,
            SendAllOptions options,
            RecordFollower<String, String> follower) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {}

    @Override
    public CompletableFuture<Void> flushAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CloseReport close(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
