package dev.millrace.testkit.recording;

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
import dev.millrace.producer.TransactionFailedException;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.testkit.recording.RecordedTransaction.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A transactional producer of a {@link RecordingCluster}. */
final class RecordingTransactionalProducer<K extends @Nullable Object, V extends @Nullable Object>
        implements TransactionalProducer<K, V> {

    private static final SendCallback NOBODY = (metadata, failure) -> {};

    private final RecordIntake<K, V> intake;
    private final ProducerState<K, V> common;
    private final String transactionalId;
    private volatile TransactionState state = TransactionState.UNINITIALIZED;
    private volatile @Nullable RecordedTransaction transaction; // null while none is open

    RecordingTransactionalProducer(RecordIntake<K, V> intake, String transactionalId) {
        this.intake = intake;
        this.common = new ProducerState<>(this, intake);
        this.transactionalId = transactionalId;
    }

    @Override
    public String transactionalId() {
        return transactionalId;
    }

    @Override
    public TransactionState state() {
        RecordedTransaction open = transaction;
        return state == TransactionState.IN_TRANSACTION && open != null && open.firstFailure() != null
                ? TransactionState.ABORT_ONLY
                : state;
    }

    @Override
    public void init() {
        common.refuseIfClosed();
        if (state == TransactionState.UNINITIALIZED) {
            state = TransactionState.READY;
        }
    }

    @Override
    public CompletableFuture<Void> initAsync() {
        return asFuture(this::init);
    }

    @Override
    public void begin() {
        common.refuseIfClosed();
        if (state != TransactionState.READY) {
            throw new IllegalStateException("a transaction cannot begin: transactionalId=" + transactionalId + " state="
                    + state() + (state == TransactionState.UNINITIALIZED ? "; call init() first" : ""));
        }
        transaction = new RecordedTransaction();
        state = TransactionState.IN_TRANSACTION;
    }

    @Override
    public CompletableFuture<Void> beginAsync() {
        return asFuture(this::begin);
    }

    private static CompletableFuture<Void> asFuture(Runnable action) {
        try {
            action.run();
            return CompletableFuture.completedFuture(null);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private RecordedTransaction open() {
        common.refuseIfClosed();
        RecordedTransaction open = transaction;
        if (open == null || state != TransactionState.IN_TRANSACTION) {
            throw new IllegalStateException(
                    "no transaction is open: transactionalId=" + transactionalId + " state=" + state());
        }
        return open;
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return send(record, NOBODY);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback) {
        return common.counted(intake.send(this, record, callback, open()));
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record) {
        return trySend(record, NOBODY);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback) {
        open();
        return intake.script().isFull() ? null : send(record, callback);
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        common.refuseIfClosed();
        return intake.script().whenWritable();
    }

    @Override
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        RecordedTransaction open = open();
        ProducerException damage = open.firstFailure();
        if (damage != null) {
            throw Failures.damaged(damage);
        }
        open.addOffsets(group.groupId(), offsets);
    }

    @Override
    public CompletableFuture<Void> sendOffsetsAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        open();
        return asFuture(() -> sendOffsets(offsets, group));
    }

    @Override
    public void commit() {
        throwUnlessCommitted(commitAsync());
    }

    @Override
    public CompletableFuture<TransactionOutcome> commitAsync() {
        RecordedTransaction ending;
        try {
            ending = open();
        } catch (IllegalStateException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        state = TransactionState.COMMITTING;
        return intake.settled(each -> each.transaction() == ending).thenApply(settled -> commit(ending));
    }

    private TransactionOutcome commit(RecordedTransaction ending) {
        ProducerException damage = ending.firstFailure();
        if (damage != null) {
            return ended(ending, new TransactionOutcome.Aborted(damage, true));
        }
        TransactionOutcome scripted = intake.script().takeOutcome();
        return ended(ending, scripted == null ? new TransactionOutcome.Committed() : scripted);
    }

    private TransactionOutcome ended(RecordedTransaction ending, TransactionOutcome outcome) {
        if (outcome instanceof TransactionOutcome.Unknown) {
            return outcome; // neither visible nor gone, and the producer goes on committing
        }
        boolean isCommitted = outcome instanceof TransactionOutcome.Committed;
        if (isCommitted) {
            intake.log().commitOffsets(ending.offsets());
        }
        ending.ends(isCommitted ? Fate.COMMITTED : Fate.ABORTED);
        transaction = null;
        state = outcome instanceof TransactionOutcome.Fenced ? TransactionState.FAILED : TransactionState.READY;
        return outcome;
    }

    @Override
    public void abort() {
        open();
        abortAsync().join();
    }

    @Override
    public CompletableFuture<TransactionOutcome> abortAsync() {
        RecordedTransaction ending;
        try {
            ending = open();
        } catch (IllegalStateException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        state = TransactionState.ABORTING;
        intake.failHeld(
                each -> each.transaction() == ending,
                each -> Failures.aborted(each.record().topic()));
        return CompletableFuture.completedFuture(ended(ending, new TransactionOutcome.Aborted(null, true)));
    }

    private void throwUnlessCommitted(CompletableFuture<TransactionOutcome> ending) {
        TransactionOutcome outcome;
        try {
            outcome = ending.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
        if (!(outcome instanceof TransactionOutcome.Committed)) {
            Throwable cause = outcome instanceof TransactionOutcome.Aborted aborted ? aborted.cause() : null;
            ErrorCode error = cause instanceof ProducerException known ? known.errorCode() : ErrorCode.NONE;
            throw new TransactionFailedException(
                    "transaction not committed: transactionalId=" + transactionalId + " outcome=" + outcome,
                    new FailureDetails(error, Stage.IN_FLIGHT, Recovery.RETRY, false),
                    outcome,
                    cause);
        }
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(TransactionBlock<K, V, T, X> block)
            throws X {
        init();
        begin();
        T result;
        try {
            result = block.run(this);
        } catch (Throwable failure) {
            abort();
            throw failure;
        }
        commit();
        return result;
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> inTransactionAsync(
            Function<? super TransactionalProducer<K, V>, ? extends CompletionStage<T>> block) {
        init();
        begin();
        CompletionStage<T> stage;
        try {
            stage = block.apply(this);
        } catch (RuntimeException failure) {
            stage = CompletableFuture.failedFuture(failure);
        }
        return stage.toCompletableFuture().whenComplete((result, failure) -> {
            if (failure != null) {
                abort();
            } else {
                commit();
            }
        });
    }

    @Override
    public void flush() {
        common.flush();
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return common.flushAsync();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        return common.partitionsFor(topic);
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return common.snapshot();
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        return ProducerState.noInstanceId();
    }

    @Override
    public CloseReport close(Duration timeout) {
        RecordedTransaction open = transaction;
        CloseReport report = common.close(timeout);
        if (open != null && open.fate() == Fate.OPEN && state == TransactionState.IN_TRANSACTION) {
            open.ends(Fate.ABORTED);
        }
        state = TransactionState.CLOSED;
        return report;
    }

    @Override
    public void close() {
        close(Duration.ofMinutes(2));
    }
}
