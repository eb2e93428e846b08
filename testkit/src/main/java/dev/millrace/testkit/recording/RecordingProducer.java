package dev.millrace.testkit.recording;

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
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A producer of a {@link RecordingCluster}. */
final class RecordingProducer<K extends @Nullable Object, V extends @Nullable Object> implements Producer<K, V> {

    private static final SendCallback NOBODY = (metadata, failure) -> {};

    private final RecordIntake<K, V> intake;
    private final ProducerState<K, V> state;

    RecordingProducer(RecordIntake<K, V> intake) {
        this.intake = intake;
        this.state = new ProducerState<>(this, intake);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return send(record, NOBODY);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback) {
        state.refuseIfClosed();
        return state.counted(intake.send(this, record, callback, null));
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record) {
        return trySend(record, NOBODY);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback) {
        state.refuseIfClosed();
        return intake.script().isFull() ? null : send(record, callback);
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        state.refuseIfClosed();
        return intake.script().whenWritable();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        return readAll(records, new SourceReading<>(this, options, null));
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options, RecordFollower<K, V> follower) {
        return readAll(records, new SourceReading<>(this, options, follower));
    }

    private CompletableFuture<SendAllResult> readAll(
            Iterable<? extends ProducerRecord<K, V>> records, SourceReading<K, V> reading) {
        state.refuseIfClosed();
        reading.readAll(records);
        return reading.result();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        return subscribe(records, new SourceReading<>(this, options, null));
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            RecordFollower<K, V> follower) {
        return subscribe(records, new SourceReading<>(this, options, follower));
    }

    private CompletableFuture<SendAllResult> subscribe(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SourceReading<K, V> reading) {
        state.refuseIfClosed();
        records.subscribe(reading);
        return reading.result();
    }

    @Override
    public void flush() {
        state.flush();
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return state.flushAsync();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        return state.partitionsFor(topic);
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return state.snapshot();
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        return ProducerState.noInstanceId();
    }

    @Override
    public CloseReport close(Duration timeout) {
        return state.close(timeout);
    }

    @Override
    public void close() {
        close(Duration.ofMinutes(2));
    }
}
