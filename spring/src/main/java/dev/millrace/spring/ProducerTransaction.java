package dev.millrace.spring;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ProducerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction of one producer factory: it borrows a producer when the first record is sent, and gives it back when it
 * ends. Confined to the thread it is bound to; only the failures of its records come from elsewhere.
 */
final class ProducerTransaction<K extends @Nullable Object, V extends @Nullable Object> implements SendTarget<K, V> {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerTransaction.class);

    private final ProducerFactory<K, V> factory;
    private final TransactionSettings settings;
    private final TransactionDeadline deadline;
    private final boolean isJoined;
    private final @Nullable Object owner; // whose local transaction this is; null if it is none
    private final @Nullable ProducerTransaction<K, V> outer; // the one a local transaction stands in for; null if none
    private final SendFailures failures = new SendFailures();
    private final List<CompletableFuture<SendAllResult>> sources = new ArrayList<>();

    private @Nullable TransactionalProducerPool<K, V> lender; // null while there is no producer
    private @Nullable TransactionalProducer<K, V> producer; // null before the first send and after the end
    private @Nullable RuntimeException
            broken; // why it can only be aborted, as far as the engine does not know; null if not
    private boolean isRollbackOnlyByParticipant;
    private boolean isDelivered;
    private boolean hasEnded;
    private @Nullable TransactionOperation operation; // null if nobody follows

    private ProducerTransaction(
            ProducerFactory<K, V> factory,
            TransactionDeadline deadline,
            boolean isJoined,
            @Nullable Object owner,
            @Nullable ProducerTransaction<K, V> outer) {
        this.factory = factory;
        this.settings = factory.getTransactionSettings();
        this.deadline = deadline;
        this.isJoined = isJoined;
        this.owner = owner;
        this.outer = outer;
    }

    /** Ended by a transaction manager of ours. */
    static <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> managed(
            ProducerFactory<K, V> factory, TransactionDeadline deadline) {
        return new ProducerTransaction<>(factory, deadline, false, null, null);
    }

    /** Ended with the transaction of another manager. */
    static <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> joined(
            ProducerFactory<K, V> factory, TransactionDeadline deadline) {
        return new ProducerTransaction<>(factory, deadline, true, null, null);
    }

    /** Ended by the one who began it. */
    static <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> local(
            ProducerFactory<K, V> factory,
            TransactionDeadline deadline,
            Object owner,
            @Nullable ProducerTransaction<K, V> outer) {
        return new ProducerTransaction<>(factory, deadline, false, owner, outer);
    }

    boolean isJoined() {
        return isJoined;
    }

    /** Whether this, or a transaction this one stands in for, is a local one of the owner. */
    boolean isLocalOf(Object candidate) {
        return owner == candidate || (outer != null && outer.isLocalOf(candidate));
    }

    ProducerFactory<K, V> factory() {
        return factory;
    }

    String transactionalId() {
        TransactionalProducer<K, V> borrowed = producer;
        return borrowed == null ? factory.getName() : borrowed.transactionalId();
    }

    /** Lets the transaction only be aborted from now on, whatever becomes of its records. */
    private void setRollbackOnly(RuntimeException why) {
        if (broken == null) {
            broken = why;
        }
    }

    /** As {@link #setRollbackOnly}, because somebody who takes part wants it. */
    void setRollbackOnlyByParticipant() {
        isRollbackOnlyByParticipant = true;
        setRollbackOnly(new ProducerOperationException("a scope that takes part in it was rolled back", null));
    }

    boolean isRollbackOnlyByParticipant() {
        return isRollbackOnlyByParticipant;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** Hears of a record that was not delivered; any thread. */
    void sendFailed(SendFailedException failure) {
        failures.add(failure);
    }

    /** Lets this follow the transaction from here to its end, unless somebody does already. */
    void followedBy(@Nullable TemplateInstrumentation instrumentation) {
        if (instrumentation != null && operation == null && !hasEnded) {
            operation = instrumentation.startTransaction(factory.getName());
        }
    }

    /** What follows this transaction; null if nobody does. */
    @Nullable
    TransactionOperation operation() {
        return operation;
    }

    private void tellEnd(String id, TransactionOperation.Outcome outcome, @Nullable Throwable failure) {
        TransactionOperation following = operation;
        if (following != null) {
            operation = null;
            following.stop(id, outcome, failure);
        }
    }

    /** Whether what refused a record is that there is no producer any more, and not the state of the transaction. */
    boolean isStopped() {
        TransactionalProducer<K, V> borrowed = producer;
        return borrowed == null || borrowed.state() == TransactionState.CLOSED;
    }

    /**
     * Borrows and begins now instead of with the first record.
     *
     * @throws ProducerException if the cluster has none for us
     * @throws ProducerOperationException if the pool has none for us
     */
    void begin() {
        try {
            begun();
        } catch (RuntimeException failure) {
            tellEnd(transactionalId(), TransactionOperation.Outcome.ABORTED, failure);
            throw failure;
        }
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, PendingSend<K, V> pending) {
        return begun().send(record, pending);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, PendingSend<K, V> pending) {
        return begun().trySend(record, pending);
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        return begun().whenWritable();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        return added(TransactionalSendAll.of(begun(), records, options, follower));
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        return added(TransactionalSendAll.of(begun(), records, options, follower));
    }

    private CompletableFuture<SendAllResult> added(CompletableFuture<SendAllResult> source) {
        sources.add(source);
        return source;
    }

    @Override
    public void flush() {
        TransactionalProducer<K, V> borrowed = producer;
        if (borrowed != null) {
            borrowed.flush();
        }
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        TransactionalProducer<K, V> borrowed = producer;
        return borrowed == null ? CompletableFuture.completedFuture(null) : borrowed.flushAsync();
    }

    /** As {@link TransactionalProducer#sendOffsets}. */
    void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        TransactionalProducer<K, V> borrowed = begun();
        try {
            borrowed.sendOffsets(offsets, group);
        } catch (ProducerException failure) {
            setRollbackOnly(failure);
            throw failure;
        }
    }

    /** The producer, with its transaction begun. */
    private TransactionalProducer<K, V> begun() {
        if (broken == null && deadline.hasPassed()) {
            setRollbackOnly(deadline.passed(factory.getName()));
        }
        if (broken != null) {
            throw new TransactionAbortedException(transactionalId(), reason(broken), broken);
        }
        TransactionalProducer<K, V> borrowed = producer;
        return borrowed == null ? borrowAndBegin() : borrowed;
    }

    /**
     * One that waited in the pool may have been fenced or forgotten meanwhile, which nobody needs to know: there is another
     * one, and a second failure is one of now.
     */
    private TransactionalProducer<K, V> borrowAndBegin() {
        TransactionalProducerPool<K, V> pool = factory.getTransactionalProducers();
        TransactionalProducer<K, V> borrowed;
        try {
            borrowed = pool.acquire();
            try {
                begin(pool, borrowed);
            } catch (ProducerException stale) {
                if (Thread.currentThread().isInterrupted()) {
                    throw stale; // and so would the next one
                }
                LOGGER.debug(
                        "[producer={} txn={}] replaced: it could not begin a transaction",
                        factory.getName(),
                        borrowed.transactionalId(),
                        stale);
                borrowed = pool.acquire();
                begin(pool, borrowed);
            }
        } catch (RuntimeException failure) {
            setRollbackOnly(failure);
            throw failure;
        }
        lender = pool;
        producer = borrowed;
        deadline.startUnlessRunning("app.producer.transaction.timeout", settings.timeout());
        return borrowed;
    }

    private static <K extends @Nullable Object, V extends @Nullable Object> void begin(
            TransactionalProducerPool<K, V> pool, TransactionalProducer<K, V> borrowed) {
        try {
            borrowed.begin();
        } catch (ProducerException failure) {
            pool.evict(borrowed);
            throw failure;
        } catch (RuntimeException | Error refused) {
            pool.release(borrowed);
            throw refused;
        }
    }

    /**
     * Delivers what was sent, for a transaction that can still be told to roll back if that fails. What is sent after this
     * is delivered at once.
     *
     * @throws TransactionAbortedException if this transaction can only be aborted
     */
    void deliver() {
        isDelivered = true;
        TransactionalProducer<K, V> borrowed = producer;
        if (borrowed != null && settings.flushBeforeCommit()) {
            Duration limit = settings.flushTimeout();
            boolean isInTime = Uninterruptibly.await(
                    readAndFlushed(borrowed), Math.min(limit.toNanos(), deadline.remainingNanos()));
            if (!isInTime && !deadline.hasPassed()) {
                setRollbackOnly(new ProducerOperationException(
                        "Records of transaction '" + borrowed.transactionalId() + "' were not delivered within "
                                + limit.toMillis() + " ms; the limit is app.producer.transaction.flush-timeout",
                        null));
            }
        }
        refuseUnlessCommittable();
    }

    /**
     * After a send: if the others have been delivered already, this one is now, as nobody will ask for it later.
     *
     * @throws TransactionAbortedException if this transaction can only be aborted
     */
    void deliverIfLate() {
        if (isDelivered) {
            deliver();
        }
    }

    private CompletableFuture<Void> readAndFlushed(TransactionalProducer<K, V> borrowed) {
        return CompletableFuture.allOf(sources.toArray(CompletableFuture[]::new))
                .handle((read, failure) -> borrowed) // how it ended is looked at later
                .thenCompose(TransactionalProducer::flushAsync);
    }

    private void refuseUnlessCommittable() {
        if (deadline.hasPassed()) {
            setRollbackOnly(deadline.passed(factory.getName()));
        }
        checkSources();
        if (broken != null) {
            throw new TransactionAbortedException(transactionalId(), reason(broken), broken);
        }
        SendFailedException failed = failures.first();
        if (failed != null) {
            throw aborted(transactionalId(), reason(failed), failed.getCause());
        }
        if (producer != null && producer.state() != TransactionState.IN_TRANSACTION) {
            throw aborted(transactionalId(), "its producer is " + producer.state(), null);
        }
    }

    /** What was not read to its end is not all that was to be sent. */
    private void checkSources() {
        for (CompletableFuture<SendAllResult> source : sources) {
            if (!source.isDone() || source.isCompletedExceptionally()) {
                setRollbackOnly(new ProducerOperationException(
                        "Not all records of a sendAll were sent in transaction '" + transactionalId()
                                + "': it was cancelled, or took too long",
                        null));
            } else {
                Throwable stoppedBy = source.join().stoppedBy();
                if (stoppedBy != null) {
                    setRollbackOnly(new ProducerOperationException(
                            "Not all records of a sendAll were sent in transaction '" + transactionalId() + "': "
                                    + reason(stoppedBy),
                            stoppedBy));
                }
            }
        }
    }

    /** Commits, or aborts if something has failed. It has ended afterwards, in whichever way. */
    TransactionEnd commit() {
        TransactionEnd end = commitOrAbort();
        tellEnd(end.transactionalId(), end.told(), end.failure());
        return end;
    }

    private TransactionEnd commitOrAbort() {
        TransactionalProducer<K, V> borrowed = producer;
        if (borrowed != null && !sources.isEmpty()) {
            awaitSources();
        }
        if (broken == null && deadline.hasPassed()) {
            setRollbackOnly(deadline.passed(factory.getName()));
        }
        String id = transactionalId();
        if (broken != null) {
            TransactionAbortedException failure = aborted(id, reason(broken), broken);
            ProducerOperationException unconfirmed = abortNow();
            if (unconfirmed != null) {
                failure.addSuppressed(unconfirmed);
            }
            return new TransactionEnd(id, failure);
        }
        hasEnded = true;
        return new TransactionEnd(id, borrowed == null ? null : commit(borrowed));
    }

    private void awaitSources() {
        boolean isRead = Uninterruptibly.await(
                CompletableFuture.allOf(sources.toArray(CompletableFuture[]::new)),
                Math.min(settings.commitTimeout().toNanos(), deadline.remainingNanos()));
        LOGGER.trace("[producer={}] sources read: {}", factory.getName(), isRead);
        checkSources();
    }

    private @Nullable ProducerOperationException commit(TransactionalProducer<K, V> borrowed) {
        TransactionOutcome outcome = TransactionEnding.commit(borrowed, settings.commitTimeout());
        boolean isFatal = borrowed.state() == TransactionState.FAILED || borrowed.state() == TransactionState.CLOSED;
        giveBack(borrowed, isEnded(outcome) && !isFatal);
        return failure(borrowed.transactionalId(), outcome, isFatal);
    }

    private @Nullable ProducerOperationException failure(String id, TransactionOutcome outcome, boolean isFatal) {
        if (outcome instanceof TransactionOutcome.Committed) {
            return null;
        }
        if (outcome instanceof TransactionOutcome.Unknown unknown) {
            return new TransactionOutcomeUnknownException(id, settings.commitTimeout(), unknown.cause());
        }
        Throwable cause = cause(outcome);
        if (isFatal || outcome instanceof TransactionOutcome.Fenced) {
            return new ProducerTransactionFailedException(id, reason(cause), cause);
        }
        return aborted(id, reason(cause), cause);
    }

    private TransactionAbortedException aborted(String id, String reason, @Nullable Throwable cause) {
        TransactionAbortedException failure = new TransactionAbortedException(id, reason, cause);
        failures.suppressIn(failure);
        return failure;
    }

    /**
     * Aborts, if there is something to abort. It has ended afterwards, in whichever way.
     *
     * @return what prevented that the abort is confirmed; null if nothing did
     */
    @Nullable
    ProducerOperationException abort() {
        String id = transactionalId();
        ProducerOperationException unconfirmed = abortNow();
        tellEnd(id, TransactionOperation.Outcome.ABORTED, unconfirmed);
        return unconfirmed;
    }

    private @Nullable ProducerOperationException abortNow() {
        hasEnded = true;
        TransactionalProducer<K, V> borrowed = producer;
        if (borrowed == null) {
            return null;
        }
        sources.forEach(source -> source.cancel(false));
        TransactionOutcome outcome = TransactionEnding.abort(borrowed, settings.commitTimeout());
        giveBack(borrowed, isEnded(outcome) && borrowed.state() != TransactionState.FAILED);
        return isEnded(outcome) ? null : unconfirmed(borrowed.transactionalId(), outcome);
    }

    private ProducerOperationException unconfirmed(String id, TransactionOutcome outcome) {
        Throwable cause = cause(outcome);
        return new ProducerOperationException(
                "Abort of transaction '" + id + "' was not confirmed: " + reason(cause)
                        + "; the coordinator aborts it when its timeout of "
                        + settings.timeout().toMillis() + " ms has passed",
                cause);
    }

    private void giveBack(TransactionalProducer<K, V> borrowed, boolean isReusable) {
        TransactionalProducerPool<K, V> pool = lender;
        producer = null;
        lender = null;
        if (pool == null) {
            return;
        }
        if (isReusable) {
            pool.release(borrowed);
        } else {
            pool.evict(borrowed);
        }
    }

    private static boolean isEnded(TransactionOutcome outcome) {
        return outcome instanceof TransactionOutcome.Committed
                || (outcome instanceof TransactionOutcome.Aborted aborted && aborted.confirmed());
    }

    private static @Nullable Throwable cause(TransactionOutcome outcome) {
        if (outcome instanceof TransactionOutcome.Fenced fenced) {
            return fenced.cause();
        }
        return outcome instanceof TransactionOutcome.Aborted aborted ? aborted.cause() : null;
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "no reason was given";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
