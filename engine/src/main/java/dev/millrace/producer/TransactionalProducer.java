package dev.millrace.producer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends records in transactions: of each either all records and offsets become visible to consumers that read committed
 * records, or none (KIP-98, KIP-447, KIP-890). One transaction at a time; any thread may send into it.
 *
 * <p>Of all producers with one transactional id the one that was initialised last works; the others are fenced.
 *
 * <p>What fails within a transaction, be it one record that cannot be serialized, makes the whole of it
 * {@link TransactionState#ABORT_ONLY}, whether anybody looks at the record's future or not. Committing it then aborts it,
 * and says so.
 *
 * <p>Methods that wait, except {@link #flush} and {@link #close}, do so for at most {@code max-block}, on any thread but the delivery executor and the I/O loop, where
 * they throw an {@link IllegalStateException}; there use the asynchronous forms, whose futures complete on the delivery
 * executor. An interrupt ends the waiting, not what was begun.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface TransactionalProducer<K extends @Nullable Object, V extends @Nullable Object> extends AutoCloseable {

    /** The id that connects this producer with those that came before it and will come after it. */
    String transactionalId();

    /** Where it stands at this moment. */
    TransactionState state();

    /**
     * Gets the producer's identity, fences whoever used the transactional id before, and ends what he left open. May be
     * called again after it failed or timed out, and joins what is under way; once it has succeeded it does nothing.
     *
     * @throws dev.millrace.producer.errors.ProducerException if the cluster refuses, or nothing is known after
     *     {@code max-block}
     * @throws IllegalStateException if the producer is closed
     */
    void init();

    /** As {@link #init()}, without a waiting thread. */
    CompletableFuture<Void> initAsync();

    /**
     * Begins a transaction. Nothing is sent for that. If the last transaction's end is still being confirmed it waits for
     * it.
     *
     * @throws dev.millrace.producer.errors.ProducerException if the producer has failed, or is not ready after
     *     {@code max-block}
     * @throws IllegalStateException before {@link #init()}, within a transaction, while the outcome of the last one is
     *     unknown, or if the producer is closed
     */
    void begin();

    /** As {@link #begin()}, without a waiting thread; what {@code begin} throws fails the future. */
    CompletableFuture<Void> beginAsync();

    /**
     * Accepts a record into the transaction and returns at once, as {@link Producer#send(ProducerRecord)} does. If the
     * transaction is abort-only the future has failed already.
     *
     * @throws NullPointerException if the record is null
     * @throws IllegalStateException if no transaction is open: nothing is kept of the record
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record);

    /**
     * As {@link #send(ProducerRecord)}, and the callback runs right before the future completes: on the delivery executor,
     * also for a record that is refused at once.
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback);

    /**
     * Accepts a record into the transaction if there is buffer space right now; never waits.
     *
     * @return as {@code send} does, or null if there is no space now: nothing was accepted, and the transaction goes on
     * @throws IllegalStateException if no transaction is open
     */
    @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record);

    /** As {@link #trySend(ProducerRecord)}, and the callback runs right before the future completes. */
    @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback);

    /** Waits for buffer space without a thread, as {@link Producer#whenWritable()} does. */
    CompletableFuture<Void> whenWritable();

    /**
     * Makes a consumer's progress part of the transaction and waits until the group's coordinator has it.
     *
     * @param offsets of each partition the next record to consume; with no partitions nothing happens
     * @param group the consumer's place in its group
     * @throws dev.millrace.producer.errors.ProducerException if it fails, which makes the transaction abort-only
     * @throws IllegalStateException if no transaction is open
     */
    void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group);

    /**
     * As {@link #sendOffsets}, without a waiting thread. The commit waits for it, and does not happen if it fails.
     *
     * @throws IllegalStateException if no transaction is open
     */
    CompletableFuture<Void> sendOffsetsAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group);

    /**
     * Waits until every record of the transaction is delivered, then commits it.
     *
     * <p>If anything of it has failed, or is not delivered when {@code max-block} has passed, it is aborted. If the
     * coordinator was asked and does not answer, the outcome is {@link TransactionOutcome.Unknown}; then this may be
     * called again, as may be {@link TransactionOutcome.Unknown#resolve()}.
     *
     * @throws TransactionFailedException whenever the transaction is not known to be committed
     * @throws IllegalStateException if there is no transaction to commit
     */
    void commit();

    /**
     * As {@link #commit()}, without a waiting thread. A transaction that is not committed is an outcome, too.
     *
     * @return fails only as {@code commit} throws an {@link IllegalStateException}
     */
    CompletableFuture<TransactionOutcome> commitAsync();

    /**
     * Aborts the transaction: records not yet on their way fail, those that are on their way are awaited, and the
     * coordinator is told.
     *
     * @throws TransactionFailedException if that is not confirmed when {@code max-block} has passed, or the producer is
     *     fenced; nothing of the transaction will be visible all the same
     * @throws IllegalStateException if there is no transaction, or its commit has begun
     */
    void abort();

    /** As {@link #abort()}, without a waiting thread. */
    CompletableFuture<TransactionOutcome> abortAsync();

    /**
     * Runs a block in a transaction of its own, initialising the producer if need be, and commits. Whatever the block
     * throws aborts the transaction and is thrown on, with what the abort met as suppressed. The block runs once: what it
     * did besides sending cannot be taken back by us.
     *
     * @return what the block returned, once the transaction is committed
     * @throws TransactionFailedException if the transaction is not known to be committed
     * @throws IllegalStateException within a transaction
     */
    <T extends @Nullable Object, X extends Exception> T inTransaction(TransactionBlock<K, V, T, X> block) throws X;

    /** As {@link #inTransaction}; the transaction ends when the stage the block returned is complete. */
    <T extends @Nullable Object> CompletableFuture<T> inTransactionAsync(
            Function<? super TransactionalProducer<K, V>, ? extends CompletionStage<T>> block);

    /**
     * Sends without lingering what was accepted, and waits until all of it is delivered or failed, which may take until
     * {@code delivery-timeout}.
     */
    void flush();

    /** As {@link #flush()}, without a waiting thread. */
    CompletableFuture<Void> flushAsync();

    /** The partitions of a topic, as {@link Producer#partitionsFor} has them. */
    CompletableFuture<List<PartitionInfo>> partitionsFor(String topic);

    /** The whole pipeline at this moment, as {@link Producer#snapshot} has it. */
    CompletableFuture<PipelineSnapshot> snapshot();

    /** What the cluster calls this producer in the metrics it is sent, as {@link Producer#clientInstanceId} has it. */
    CompletableFuture<UUID> clientInstanceId();

    /**
     * Ends the producer within the timeout: a commit that has begun is awaited, an open transaction is aborted.
     *
     * @param timeout zero does not wait: the coordinator aborts what is open when the transaction timeout passes
     * @throws IllegalArgumentException if the timeout is negative
     */
    CloseReport close(Duration timeout);

    /** Closes with a timeout of {@code delivery-timeout}. */
    @Override
    void close();
}
