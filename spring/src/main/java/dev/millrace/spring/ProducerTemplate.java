package dev.millrace.spring;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ProducerException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;

/**
 * Sends records through the factory's shared producer or, if the factory is transactional, as part of the transaction the
 * current thread is in. One for an application is the rule; it has no state of its own and needs no closing.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public class ProducerTemplate<K extends @Nullable Object, V extends @Nullable Object>
        implements ProducerOperations<K, V>, ApplicationEventPublisherAware {

    private final ProducerFactory<K, V> producerFactory;
    private final SendTarget<K, V> shared;
    private final ThreadTransactions transactions;
    private volatile SendSurroundings<K, V> surroundings;
    private volatile boolean isAllowNonTransactional;
    private volatile @Nullable String defaultTopic; // null if records have to name theirs
    private volatile @Nullable ApplicationEventPublisher events; // null outside of a context
    private volatile @Nullable TemplateInstrumentation instrumentation; // null if nobody follows

    /** Over a factory; opens nothing. */
    public ProducerTemplate(ProducerFactory<K, V> producerFactory) {
        this(producerFactory, ThreadTransactions.forClassPath());
    }

    /** With another way to know the transaction of a thread. */
    ProducerTemplate(ProducerFactory<K, V> producerFactory, ThreadTransactions transactions) {
        this.producerFactory = Objects.requireNonNull(producerFactory, "producerFactory must not be null");
        this.shared = new SharedTarget<>(producerFactory);
        this.transactions = transactions;
        this.surroundings =
                new SendSurroundings<>(producerFactory, new ListenerChain<>(List.of()), new DirectContinuations());
    }

    /** Lets these hear of every record, in this order. Concerns records sent from now on. */
    public void setListeners(List<? extends ProducerListener<? super K, ? super V>> listeners) {
        SendSurroundings<K, V> now = surroundings;
        surroundings = new SendSurroundings<>(producerFactory, new ListenerChain<>(listeners), now.continuations());
    }

    /**
     * Lets listeners run and futures complete on this executor, in the order of the sends for each partition. A continuation
     * may then wait for other sends. Concerns records sent from now on.
     *
     * @param executor one the application ends; {@link #dispatcher} for one nobody has to end; null for the engine's
     *     delivery thread itself, where waiting for a send is refused and a slow continuation delays all others
     */
    public void setCallbackExecutor(@Nullable Executor executor) {
        Continuations continuations =
                executor == null ? new DirectContinuations() : new DispatchedContinuations(executor);
        surroundings = new SendSurroundings<>(producerFactory, surroundings.listeners(), continuations);
    }

    /** Threads for continuations, shared by all templates; they come with the first task and go when there is none. */
    public static Executor dispatcher() {
        return SharedDispatcher.POOL;
    }

    @Override
    public @Nullable String getDefaultTopic() {
        return defaultTopic;
    }

    /**
     * Sets where records go that name no topic.
     *
     * @param topic null or empty if all have to name theirs
     */
    public void setDefaultTopic(@Nullable String topic) {
        this.defaultTopic = topic == null || topic.isEmpty() ? null : topic;
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(ProducerRecord<K, V> record) {
        Objects.requireNonNull(record, "record must not be null");
        ProducerTransaction<K, V> transaction = transaction();
        SendOperation<K, V> operation = startOperation(instrumentation, record, transaction);
        if (operation == null) {
            PendingSend<K, V> pending = new PendingSend<>(surroundings, record, transaction);
            send(record, pending, transaction);
            return pending;
        }
        PendingSend<K, V> pending = new InstrumentedSend<>(surroundings, record, transaction, operation);
        run(operation, () -> send(operation.record(), pending, transaction));
        return pending;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything, and earlier than the future
    private void send(
            ProducerRecord<K, V> record, PendingSend<K, V> pending, @Nullable ProducerTransaction<K, V> transaction) {
        try {
            target(transaction).send(record, pending);
        } catch (ProducerException failure) {
            pending.fail(partitionOf(record), failure);
        } catch (ProducerOperationException failure) {
            pending.fail(failure);
        } catch (IllegalStateException refusal) {
            pending.fail(stopped(refusal, transaction));
        }
        deliverIfLate(transaction);
    }

    @Override
    public @Nullable CompletableFuture<SendResult<K, V>> trySend(ProducerRecord<K, V> record) {
        Objects.requireNonNull(record, "record must not be null");
        ProducerTransaction<K, V> transaction = transaction();
        SendOperation<K, V> operation = startOperation(instrumentation, record, transaction);
        if (operation == null) {
            PendingSend<K, V> pending = new PendingSend<>(surroundings, record, transaction);
            return trySend(record, pending, transaction) ? pending : null;
        }
        PendingSend<K, V> pending = new InstrumentedSend<>(surroundings, record, transaction, operation);
        AtomicBoolean isAccepted = new AtomicBoolean();
        run(operation, () -> isAccepted.set(trySend(operation.record(), pending, transaction)));
        if (isAccepted.get()) {
            return pending;
        }
        operation.refused();
        return null;
    }

    private boolean trySend(
            ProducerRecord<K, V> record, PendingSend<K, V> pending, @Nullable ProducerTransaction<K, V> transaction) {
        try {
            if (target(transaction).trySend(record, pending) == null) {
                return false;
            }
        } catch (ProducerException failure) {
            pending.fail(partitionOf(record), failure);
        } catch (ProducerOperationException failure) {
            pending.fail(failure);
        } catch (IllegalStateException refusal) {
            pending.fail(stopped(refusal, transaction));
        }
        deliverIfLate(transaction);
        return true;
    }

    /** Or throws what is a wrong call. */
    private ProducerStoppedException stopped(
            IllegalStateException refusal, @Nullable ProducerTransaction<K, V> transaction) {
        if (transaction != null && !transaction.isStopped()) {
            throw refusal;
        }
        return new ProducerStoppedException(producerFactory.getName(), refusal);
    }

    private @Nullable SendOperation<K, V> startOperation(
            @Nullable TemplateInstrumentation present,
            ProducerRecord<K, V> record,
            @Nullable ProducerTransaction<K, V> transaction) {
        return present == null
                ? null
                : present.startSend(
                        producerFactory.getName(), record, transaction == null ? null : transaction.operation());
    }

    /** What is thrown here is thrown on: a wrong call, which has no outcome but this. */
    private void run(SendOperation<K, V> operation, Runnable send) {
        try {
            operation.runSend(send);
        } catch (RuntimeException | Error wrongCall) {
            operation.stop(null, wrongCall);
            throw wrongCall;
        }
    }

    private static void deliverIfLate(@Nullable ProducerTransaction<?, ?> transaction) {
        if (transaction != null) {
            transaction.deliverIfLate();
        }
    }

    private static int partitionOf(ProducerRecord<?, ?> record) {
        return record.partition() == null ? RecordMetadata.UNKNOWN_PARTITION : record.partition();
    }

    /** The engine's own future: cancelling a dependent one would leave this application in the line. */
    @Override
    public CompletableFuture<Void> whenWritable() {
        return target(transaction()).whenWritable();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(Iterable<? extends ProducerRecord<K, V>> records) {
        return sendAll(records, SendAllOptions.defaults());
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        ProducerTransaction<K, V> transaction = transaction();
        RecordFollower<K, V> follower = follower(transaction);
        CompletableFuture<SendAllResult> result = target(transaction).sendAll(records, options, follower);
        deliverIfLate(transaction);
        return follower == null ? result : FollowedSendAll.of(result, surroundings.continuations());
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(Flow.Publisher<? extends ProducerRecord<K, V>> records) {
        return sendAll(records, SendAllOptions.defaults());
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        ProducerTransaction<K, V> transaction = transaction();
        RecordFollower<K, V> follower = follower(transaction);
        CompletableFuture<SendAllResult> result = target(transaction).sendAll(records, options, follower);
        deliverIfLate(transaction);
        return follower == null ? result : FollowedSendAll.of(result, surroundings.continuations());
    }

    /** Goes along with the records of a source as with those of {@link #send}; null if nobody wants to know of each. */
    private @Nullable RecordFollower<K, V> follower(@Nullable ProducerTransaction<K, V> transaction) {
        TemplateInstrumentation present = instrumentation;
        SendSurroundings<K, V> around = surroundings;
        if (present == null && around.listeners().isEmpty()) {
            return null;
        }
        TemplateInstrumentation following = present == null ? null : present.forOtherThreads();
        return record -> {
            SendOperation<K, V> operation = startOperation(following, record, transaction);
            PendingSend<K, V> pending = operation == null
                    ? new PendingSend<>(around, record, transaction)
                    : new InstrumentedSend<>(around, record, transaction, operation);
            return new FollowedSend<>(record, operation, pending);
        };
    }

    @Override
    public void flush() {
        SendTarget<K, V> target = target(transaction());
        Continuations continuations = surroundings.continuations();
        if (continuations instanceof DirectContinuations) { // the engine knows its own threads
            flush(target);
            return;
        }
        boolean wasReplaced = continuations.beforeWait();
        try {
            flush(target);
            continuations.settled().get();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw notFlushed(interrupt);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("settling cannot fail", impossible);
        } finally {
            continuations.afterWait(wasReplaced);
        }
    }

    private void flush(SendTarget<K, V> target) {
        try {
            target.flush();
        } catch (ProducerException failure) {
            throw notFlushed(failure);
        }
    }

    private ProducerOperationException notFlushed(Exception failure) {
        return new ProducerOperationException(
                "Flush of producer '" + producerFactory.getName() + "' did not finish: " + failure.getMessage(),
                failure);
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        CompletableFuture<Void> flushed = target(transaction()).flushAsync();
        Continuations continuations = surroundings.continuations();
        return continuations instanceof DirectContinuations
                ? flushed
                : flushed.thenCompose(ended -> continuations.settled());
    }

    /** The transaction of the current thread, joined if need be; null if records go to the shared producer. */
    private @Nullable ProducerTransaction<K, V> transaction() {
        if (!producerFactory.isTransactional()) {
            return null;
        }
        ProducerTransaction<K, V> current = transactions.current(producerFactory);
        if (current == null && transactions.canJoin(producerFactory.getTransactionSettings())) {
            current = transactions.join(producerFactory, events);
        }
        if (current != null) {
            current.followedBy(instrumentation);
            return current;
        }
        if (isAllowNonTransactional) {
            return null;
        }
        throw new TransactionRequiredForSendException(producerFactory.getName(), transactions.hint());
    }

    private SendTarget<K, V> target(@Nullable ProducerTransaction<K, V> transaction) {
        return transaction == null ? shared : transaction;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T executeInTransaction(
            OperationsCallback<K, V, T, X> callback) throws X {
        Objects.requireNonNull(callback, "callback must not be null");
        ProducerTransaction<K, V> outer = transactions.current(producerFactory);
        if (outer != null && outer.isLocalOf(this)) {
            throw new NestedLocalTransactionException(producerFactory.getName());
        }
        ProducerTransaction<K, V> local = beginLocal(outer);
        T result;
        ProducerTransaction<K, V> last = transactions.replace(producerFactory, local);
        try {
            result = callback.run(this);
        } catch (Throwable failure) {
            ProducerOperationException unconfirmed = local.abort();
            if (unconfirmed != null) {
                failure.addSuppressed(unconfirmed);
            }
            throw failure;
        } finally {
            transactions.replace(producerFactory, last);
        }
        ProducerOperationException failure = local.commit().failure();
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /** With a producer from the start: if there is none to be had, the callback has done nothing yet. */
    private ProducerTransaction<K, V> beginLocal(@Nullable ProducerTransaction<K, V> outer) {
        ProducerTransaction<K, V> local = ProducerTransaction.local(
                producerFactory,
                new TransactionDeadline(System::nanoTime, message -> new ProducerOperationException(message, null)),
                this,
                outer);
        local.followedBy(instrumentation);
        try {
            local.begin();
        } catch (ProducerException failure) {
            throw new ProducerTransactionFailedException(
                    producerFactory.getName(), "it could not begin: " + failure.getMessage(), failure);
        }
        return local;
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        Objects.requireNonNull(offsets, "offsets must not be null");
        Objects.requireNonNull(group, "group must not be null");
        if (!isTransactional()) {
            throw new TransactionsNotEnabledException(producerFactory.getName());
        }
        ProducerTransaction<K, V> transaction = transaction();
        if (transaction == null) {
            throw new TransactionRequiredForSendException(producerFactory.getName(), transactions.hint());
        }
        try {
            transaction.sendOffsets(offsets, group);
        } catch (ProducerException failure) {
            throw new ProducerOperationException(
                    "Offsets of group '" + group.groupId() + "' are not part of transaction '"
                            + transaction.transactionalId() + "': " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public boolean inTransaction() {
        return producerFactory.isTransactional()
                && (transactions.current(producerFactory) != null
                        || transactions.canJoin(producerFactory.getTransactionSettings()));
    }

    @Override
    public boolean isTransactional() {
        return producerFactory.isTransactional();
    }

    @Override
    public boolean isAllowNonTransactional() {
        return isAllowNonTransactional;
    }

    /**
     * Sets whether a transactional template sends through the factory's shared producer where there is no transaction,
     * instead of refusing to. Within one it takes part as ever. Default: false.
     */
    public void setAllowNonTransactional(boolean allowNonTransactional) {
        this.isAllowNonTransactional = allowNonTransactional;
    }

    /**
     * Lets this follow every send and every transaction that begins with one. Default: nobody does.
     *
     * @param instrumentation null for nobody
     */
    public void setInstrumentation(@Nullable TemplateInstrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    @Override
    public void setApplicationEventPublisher(ApplicationEventPublisher publisher) {
        this.events = publisher;
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        Objects.requireNonNull(topic, "topic must not be null");
        return producerFactory.getSharedProducer().partitionsFor(topic).exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(new ProducerOperationException(
                    "Partitions of topic '" + topic + "' could not be read by producer '" + producerFactory.getName()
                            + "': " + cause.getMessage(),
                    cause));
        });
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return producerFactory.getSharedProducer().snapshot();
    }

    @Override
    public ProducerFactory<K, V> getProducerFactory() {
        return producerFactory;
    }
}
