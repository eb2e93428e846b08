package dev.millrace.spring;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionBlock;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ProducerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine whose cluster is a {@link FakeTransactions}: it keeps the contract and does what the test has scripted. */
final class FakeTransactionalProducer implements TransactionalProducer<String, String> {

    private record Sent(
            ProducerRecord<String, String> record, SendCallback callback, CompletableFuture<RecordMetadata> future) {}

    final List<String> calls = new ArrayList<>();

    private final FakeTransactions cluster;
    private final String id;
    private final List<Sent> onTheWay = new ArrayList<>();
    private final List<ProducerRecord<String, String>> delivered = new ArrayList<>();
    private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();
    private @Nullable ProducerException firstFailure;
    private TransactionState state = TransactionState.UNINITIALIZED;

    FakeTransactionalProducer(FakeTransactions cluster, String id) {
        this.cluster = cluster;
        this.id = id;
    }

    @Override
    public String transactionalId() {
        return id;
    }

    @Override
    public synchronized TransactionState state() {
        return state;
    }

    int underWay() {
        return onTheWay.size();
    }

    synchronized void becomes(TransactionState next) {
        state = next;
    }

    @Override
    public void init() {
        calls.add("init");
        cluster.inits.run(this);
        becomes(TransactionState.READY);
    }

    @Override
    public CompletableFuture<Void> initAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void begin() {
        calls.add("begin");
        cluster.begins.run(this);
        if (state() != TransactionState.READY) {
            throw new IllegalStateException("begin of " + id + " while " + state());
        }
        becomes(TransactionState.IN_TRANSACTION);
    }

    @Override
    public CompletableFuture<Void> beginAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<String, String> record) {
        return send(record, (metadata, failure) -> {});
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<String, String> record, SendCallback callback) {
        if (state() != TransactionState.IN_TRANSACTION && state() != TransactionState.ABORT_ONLY) {
            throw new IllegalStateException("send to " + id + " while " + state());
        }
        Sent sent = new Sent(record, callback, new CompletableFuture<>());
        onTheWay.add(sent);
        ProducerException refusal = firstFailure != null ? firstFailure : cluster.refusal(record);
        if (refusal != null) {
            end(sent, refusal);
        } else if (!cluster.holdsRecords) {
            end(sent, null);
        }
        return sent.future();
    }

    private synchronized void end(Sent sent, @Nullable ProducerException failure) {
        onTheWay.remove(sent);
        RecordMetadata metadata = new RecordMetadata(
                sent.record().topic(), 0, failure == null ? delivered.size() : RecordMetadata.NO_OFFSET, 17, 1, 1);
        if (failure == null) {
            delivered.add(sent.record());
        } else {
            firstFailure = firstFailure == null ? failure : firstFailure;
            state = TransactionState.ABORT_ONLY;
        }
        sent.callback().onCompletion(metadata, failure);
        if (failure == null) {
            sent.future().complete(metadata);
        } else {
            sent.future().completeExceptionally(failure);
        }
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<String, String> record) {
        return cluster.isFull ? null : send(record);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(
            ProducerRecord<String, String> record, SendCallback callback) {
        return cluster.isFull ? null : send(record, callback);
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        return cluster.writable;
    }

    @Override
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> progress, ConsumerGroupMetadata group) {
        calls.add("sendOffsets " + group.groupId());
        cluster.offsetSends.run(this);
        offsets = progress;
    }

    @Override
    public CompletableFuture<Void> sendOffsetsAsync(
            Map<TopicPartition, OffsetAndMetadata> progress, ConsumerGroupMetadata group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void commit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<TransactionOutcome> commitAsync() {
        calls.add("commit");
        flushAsync().join();
        CompletableFuture<TransactionOutcome> scripted = cluster.commits.poll();
        if (scripted != null) {
            return scripted;
        }
        if (firstFailure != null) {
            return CompletableFuture.completedFuture(ended(firstFailure));
        }
        cluster.log.addAll(delivered);
        cluster.offsets.putAll(offsets);
        ended(null);
        return CompletableFuture.completedFuture(new TransactionOutcome.Committed());
    }

    private synchronized TransactionOutcome ended(@Nullable ProducerException why) {
        new ArrayList<>(onTheWay).forEach(sent -> end(sent, FakeTransactions.failure("aborted")));
        delivered.clear();
        offsets = Map.of();
        firstFailure = null;
        state = TransactionState.READY;
        return new TransactionOutcome.Aborted(why, true);
    }

    @Override
    public void abort() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<TransactionOutcome> abortAsync() {
        calls.add("abort");
        CompletableFuture<TransactionOutcome> scripted = cluster.aborts.poll();
        return scripted != null ? scripted : CompletableFuture.completedFuture(ended(null));
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(
            TransactionBlock<String, String, T, X> block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> inTransactionAsync(
            Function<? super TransactionalProducer<String, String>, ? extends CompletionStage<T>> block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
        calls.add("flush");
        flushAsync().join();
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        CompletableFuture<Void> stuck = cluster.stuckFlush;
        if (stuck != null) {
            return stuck;
        }
        new ArrayList<>(onTheWay).forEach(sent -> end(sent, cluster.deliveryFailure));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        return CompletableFuture.completedFuture(List.of());
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
        calls.add("close " + timeout.toMillis());
        becomes(TransactionState.CLOSED);
        return new CloseReport(0, 0, 0, List.of());
    }

    @Override
    public void close() {
        close(Duration.ofMinutes(2));
    }
}
