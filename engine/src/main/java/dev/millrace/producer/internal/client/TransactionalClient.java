package dev.millrace.producer.internal.client;

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
import dev.millrace.producer.internal.transaction.RecordFlow;
import dev.millrace.producer.internal.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The transactional producer as users see it: checks their calls and hands them to the parts. Any thread. */
public final class TransactionalClient<K extends @Nullable Object, V extends @Nullable Object>
        implements TransactionalProducer<K, V>, MetadataFollower {

    private final TransactionalSettings settings;
    private final Transactions transactions;
    private final CallerSide<K, V> side;
    private final OutcomeFailures failures;
    private final CallWait wait;
    private final RecordFlow records;

    /** Wires the parts; nothing happens before {@link #init}. */
    public TransactionalClient(
            ClientParts parts, PlugIns<K, V> plugIns, Transactions transactions, TransactionalSettings settings) {
        this.settings = settings;
        this.transactions = transactions;
        this.side = new CallerSide<>(parts, plugIns, new CloseSteps() {
            @Override
            public CompletableFuture<Void> beforeRecords() {
                return transactions.end();
            }

            @Override
            public void afterRecords() {
                transactions.close();
            }
        });
        this.failures = new OutcomeFailures(settings);
        this.wait = new CallWait(side, failures, parts.completions()::runningCallback, settings.maxBlockNanos());
        this.records = new TransactionalRecords(parts, side.waitingRoom());
    }

    /** The records, for the transactions. */
    public RecordFlow records() {
        return records;
    }

    @Override
    public void onClusterChanged() {
        side.waitingRoom().onClusterChanged();
    }

    @Override
    public void onUnreachable() {
        side.waitingRoom().onUnreachable();
    }

    @Override
    public String transactionalId() {
        return settings.transactionalId();
    }

    @Override
    public TransactionState state() {
        return transactions.state();
    }

    @Override
    public void init() {
        wait.requireMayWait("init()", "initAsync()");
        side.requireOpen();
        wait.await("init()", transactions.init());
    }

    @Override
    public CompletableFuture<Void> initAsync() {
        return unlessClosed(transactions::init);
    }

    @Override
    public void begin() {
        wait.requireMayWait("begin()", "beginAsync()");
        side.requireOpen();
        wait.await("begin()", transactions.begin());
    }

    @Override
    public CompletableFuture<Void> beginAsync() {
        return unlessClosed(transactions::begin);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return accept(record, null);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback) {
        return accept(
                record, Objects.requireNonNull(callback, "callback must not be null; use send(record) without one"));
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record) {
        return tryAccept(record, null);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback) {
        return tryAccept(
                record, Objects.requireNonNull(callback, "callback must not be null; use trySend(record) without one"));
    }

    private CompletableFuture<RecordMetadata> accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        Objects.requireNonNull(record, "record must not be null");
        side.requireOpen();
        ProducerException refusal = transactions.enterSend();
        try {
            return refusal == null ? side.accept(record, callback) : side.refuse(record, callback, refusal);
        } finally {
            transactions.leaveSend();
        }
    }

    private @Nullable CompletableFuture<RecordMetadata> tryAccept(
            ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        Objects.requireNonNull(record, "record must not be null");
        side.requireOpen();
        ProducerException refusal = transactions.enterSend();
        try {
            return refusal == null ? side.tryAccept(record, callback) : side.refuse(record, callback, refusal);
        } finally {
            transactions.leaveSend();
        }
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        return side.whenWritable();
    }

    @Override
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        wait.requireMayWait("sendOffsets()", "sendOffsetsAsync()");
        wait.await("sendOffsets()", sendOffsetsAsync(offsets, group));
    }

    @Override
    public CompletableFuture<Void> sendOffsetsAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        Objects.requireNonNull(group, "group must not be null");
        Map<TopicPartition, OffsetAndMetadata> fixed = Map.copyOf(offsets);
        side.requireOpen();
        return transactions.sendOffsets(fixed, group);
    }

    @Override
    public void commit() {
        wait.requireMayWait("commit()", "commitAsync()");
        side.requireOpen();
        TransactionOutcome outcome =
                wait.await("commit()", transactions.commit(), (why, unended) -> new Unawaited(why, () -> unended));
        if (!(outcome instanceof TransactionOutcome.Committed)) {
            throw failures.notCommitted(outcome);
        }
    }

    @Override
    public CompletableFuture<TransactionOutcome> commitAsync() {
        return unlessClosed(transactions::commit);
    }

    @Override
    public void abort() {
        wait.requireMayWait("abort()", "abortAsync()");
        side.requireOpen();
        TransactionOutcome outcome = wait.await(
                "abort()", transactions.abort(), (why, unended) -> new TransactionOutcome.Aborted(why, false));
        if (!(outcome instanceof TransactionOutcome.Aborted aborted && aborted.confirmed())) {
            throw failures.notAborted(outcome);
        }
    }

    @Override
    public CompletableFuture<TransactionOutcome> abortAsync() {
        return unlessClosed(transactions::abort);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(TransactionBlock<K, V, T, X> block)
            throws X {
        Objects.requireNonNull(block, "block must not be null");
        wait.requireMayWait("inTransaction()", "inTransactionAsync()");
        init();
        beginForBlock();
        T result;
        try {
            result = block.run(this);
        } catch (Throwable thrown) {
            abortBecauseOf(thrown);
            throw thrown;
        }
        commit();
        return result;
    }

    /** A transaction that begins after its caller has left is ended again, as no block will be run in it. */
    private void beginForBlock() {
        side.requireOpen();
        wait.await("begin()", transactions.begin(), (why, unended) -> {
            CompletableFuture<TransactionOutcome> unused = unended.thenCompose(begun -> abortAsync());
            throw why;
        });
    }

    private void abortBecauseOf(Throwable thrown) {
        try {
            abort();
        } catch (RuntimeException | Error met) {
            suppress(thrown, met);
        }
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> inTransactionAsync(
            Function<? super TransactionalProducer<K, V>, ? extends CompletionStage<T>> block) {
        Objects.requireNonNull(block, "block must not be null");
        CompletableFuture<T> ended = new CompletableFuture<>();
        CompletableFuture<T> unused = initAsync()
                .thenCompose(ready -> beginAsync())
                .thenCompose(begun -> run(block))
                .whenComplete((result, thrown) -> {
                    if (thrown == null) {
                        ended.complete(result);
                    } else {
                        ended.completeExceptionally(unwrapped(thrown));
                    }
                });
        return ended;
    }

    private <T extends @Nullable Object> CompletionStage<T> run(
            Function<? super TransactionalProducer<K, V>, ? extends CompletionStage<T>> block) {
        return stageOf(block)
                .handle((result, thrown) -> thrown == null ? committed(result) : this.<T>aborted(unwrapped(thrown)))
                .thenCompose(Function.identity());
    }

    private <T extends @Nullable Object> CompletionStage<T> stageOf(
            Function<? super TransactionalProducer<K, V>, ? extends CompletionStage<T>> block) {
        try {
            return Objects.requireNonNull(block.apply(this), "the block returned null instead of a stage");
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private <T extends @Nullable Object> CompletionStage<T> committed(T result) {
        return commitAsync().thenApply(outcome -> {
            if (outcome instanceof TransactionOutcome.Committed) {
                return result;
            }
            throw failures.notCommitted(outcome);
        });
    }

    /** Fails with what the block threw, once the abort has ended. */
    private <T extends @Nullable Object> CompletionStage<T> aborted(Throwable thrown) {
        return abortAsync().handle((outcome, refusal) -> {
            if (refusal != null) {
                suppress(thrown, unwrapped(refusal));
            } else if (!(outcome instanceof TransactionOutcome.Aborted aborted && aborted.confirmed())) {
                suppress(thrown, failures.notAborted(outcome));
            }
            throw new CompletionException(thrown);
        });
    }

    private static void suppress(Throwable thrown, Throwable met) {
        if (thrown != met) { // which may not suppress itself
            thrown.addSuppressed(met);
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    @Override
    public void flush() {
        wait.requireMayWait("flush()", "flushAsync()");
        wait.awaitRecords(flushAsync());
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return side.flush();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        return side.partitionsFor(topic);
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return side.snapshot();
    }

    @Override
    public CloseReport close(Duration timeout) {
        return side.close(timeout);
    }

    @Override
    public void close() {
        side.close();
    }

    @Override
    public String toString() {
        return "TransactionalProducer[producer=" + settings.clientId() + " txn=" + settings.transactionalId() + "]";
    }

    private <T extends @Nullable Object> CompletableFuture<T> unlessClosed(Supplier<CompletableFuture<T>> call) {
        return side.hasBegunToClose()
                ? CompletableFuture.failedFuture(side.failures().closed())
                : call.get();
    }

    /** A commit whose caller has stopped waiting. */
    private record Unawaited(ProducerException cause, Supplier<CompletableFuture<TransactionOutcome>> end)
            implements TransactionOutcome.Unknown {

        @Override
        public CompletableFuture<TransactionOutcome> resolve() {
            return end.get();
        }
    }
}
