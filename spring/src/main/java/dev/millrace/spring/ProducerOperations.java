package dev.millrace.spring;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.Headers;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What an application does with a producer. Safe for use by any number of threads.
 *
 * <p>The contract of every {@code send}:
 *
 * <ul>
 *   <li>It never waits for the cluster and never throws for what data, cluster or network did: serialization, size,
 *       full buffer, authentication, a time limit, a producer that is stopped, all arrive through the future, as {@link
 *       SendFailedException}.
 *   <li>It throws for programming errors only: {@link NullPointerException} for a null topic or record,
 *       {@link IllegalArgumentException} for an empty topic or a negative partition, {@link IllegalStateException} if
 *       there is no default topic, {@link TransactionRequiredForSendException} outside of a transaction if there must be
 *       one.
 *   <li>Futures complete in the order of the sends for each partition, after the listeners were told: on the engine's
 *       delivery executor, or where {@link ProducerTemplate#setCallbackExecutor} says; never on the I/O loop. Waiting there
 *       for another send either works or throws {@link IllegalStateException} at once. Cancelling or timing out a future
 *       does not take the record back.
 * </ul>
 *
 * <p>If the factory is transactional, what is sent is part of the transaction of the current thread: that of a {@link
 * ProducerTransactionManager}, of {@link #executeInTransaction}, or one of another manager that the first send joins. The
 * first send of a transaction waits for its producer if all are in use or a new one is needed. A record that fails, whether
 * anybody looks at its future or not, lets the whole transaction be aborted.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ProducerOperations<K extends @Nullable Object, V extends @Nullable Object> {

    /** Sends a record without key; the partitioner chooses the partition. */
    default CompletableFuture<SendResult<K, V>> send(String topic, @Nullable V value) {
        return send(new ProducerRecord<>(topic, value));
    }

    /** Sends a record whose key decides the partition. */
    default CompletableFuture<SendResult<K, V>> send(String topic, @Nullable K key, @Nullable V value) {
        return send(new ProducerRecord<>(topic, key, value));
    }

    /** Sends a record to one partition; null leaves the choice to the partitioner. */
    default CompletableFuture<SendResult<K, V>> send(
            String topic, @Nullable Integer partition, @Nullable K key, @Nullable V value) {
        return send(new ProducerRecord<>(topic, partition, key, value));
    }

    /** As {@link #send(String, Integer, Object, Object)}, with the record's time in milliseconds; null for that of the send. */
    default CompletableFuture<SendResult<K, V>> send(
            String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V value) {
        return send(new ProducerRecord<>(topic, partition, timestamp, key, value, Headers.empty()));
    }

    /**
     * As {@link #send(String, Object)}, to the default topic.
     *
     * @throws IllegalStateException if there is none
     */
    default CompletableFuture<SendResult<K, V>> sendDefault(@Nullable V value) {
        return send(requireDefaultTopic(), value);
    }

    /** As {@link #send(String, Object, Object)}, to the default topic; throws as {@link #sendDefault(Object)}. */
    default CompletableFuture<SendResult<K, V>> sendDefault(@Nullable K key, @Nullable V value) {
        return send(requireDefaultTopic(), key, value);
    }

    /** As {@link #send(String, Integer, Object, Object)}, to the default topic; throws as {@link #sendDefault(Object)}. */
    default CompletableFuture<SendResult<K, V>> sendDefault(
            @Nullable Integer partition, @Nullable K key, @Nullable V value) {
        return send(requireDefaultTopic(), partition, key, value);
    }

    /** As {@link #send(String, Integer, Long, Object, Object)}, to the default topic; throws as {@link #sendDefault(Object)}. */
    default CompletableFuture<SendResult<K, V>> sendDefault(
            @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V value) {
        return send(requireDefaultTopic(), partition, timestamp, key, value);
    }

    /** Begins a record for a topic, to be put together step by step. */
    default RecordSpec<K, V> record(String topic) {
        return new RecordSpec<>(this, topic);
    }

    /**
     * Begins a record for the default topic.
     *
     * @throws IllegalStateException if there is none
     */
    default RecordSpec<K, V> record() {
        return record(requireDefaultTopic());
    }

    /** Where records go that name no topic; null if there is no such place. */
    default @Nullable String getDefaultTopic() {
        return null;
    }

    private String requireDefaultTopic() {
        String topic = getDefaultTopic();
        if (topic == null) {
            throw new IllegalStateException(
                    "no default topic is set; set app.producer.template.default-topic, or name the topic of the"
                            + " record");
        }
        return topic;
    }

    /** Sends a record with everything it can have: partition, timestamp, headers. The record is not changed. */
    CompletableFuture<SendResult<K, V>> send(ProducerRecord<K, V> record);

    /**
     * As {@code send} if there is buffer space for the record right now; never waits.
     *
     * @return null if there is no space: nothing was accepted, and the record may be tried again when {@link #whenWritable}
     *     says so. Everything else that goes wrong arrives through the future
     */
    @Nullable CompletableFuture<SendResult<K, V>> trySend(ProducerRecord<K, V> record);

    /**
     * Waits for buffer space without a thread, as {@link Producer#whenWritable} does. A future that is cancelled leaves the
     * line.
     *
     * @return completed on the engine's delivery executor; fails with the engine's exception when the producer closes
     * @throws IllegalStateException if the producer is stopped
     */
    CompletableFuture<Void> whenWritable();

    /**
     * Sends all records of a source, in order, no faster than the buffer takes them, as {@link Producer#sendAll(Iterable)}
     * does; returns at once and holds no thread. A record that fails does not stop those after it.
     *
     * @return the counts and the first failure, when every record that was sent has ended; fails only if it is cancelled,
     *     which ends the reading
     * @throws IllegalStateException if the producer is stopped
     */
    CompletableFuture<SendAllResult> sendAll(Iterable<? extends ProducerRecord<K, V>> records);

    /** As {@link #sendAll(Iterable)}, with another bound, another policy or another executor. */
    CompletableFuture<SendAllResult> sendAll(Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options);

    /**
     * Subscribes to a publisher and sends what it publishes, in order, requesting no more than the buffer takes. Otherwise as
     * {@link #sendAll(Iterable)}.
     */
    CompletableFuture<SendAllResult> sendAll(Flow.Publisher<? extends ProducerRecord<K, V>> records);

    /** As {@link #sendAll(Flow.Publisher)}, with another bound or another policy. */
    CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options);

    /**
     * Sends without lingering what was accepted before this call, and waits until all of it is delivered or failed and
     * its futures are complete. Bounded by {@code app.producer.delivery-timeout}, but for a moment. In a continuation
     * of a send it only starts the sending.
     *
     * @throws ProducerOperationException if the thread is interrupted; its flag stays set
     * @throws IllegalStateException if the producer is stopped
     */
    void flush();

    /**
     * As {@link #flush()}, without a waiting thread.
     *
     * @return completed when all records accepted before this call are delivered or failed; never fails
     * @throws IllegalStateException if the producer is stopped
     */
    CompletableFuture<Void> flushAsync();

    /**
     * The partitions of a topic, from the cluster's metadata; asks the cluster if the topic is not known.
     *
     * @return fails with a {@link ProducerOperationException} after {@code app.producer.max-block}
     * @throws IllegalStateException if the producer is stopped
     */
    CompletableFuture<List<PartitionInfo>> partitionsFor(String topic);

    /**
     * The whole pipeline at this moment: what waits where, and which part holds the others up. Asks no broker.
     *
     * @return completed on the engine's delivery executor
     * @throws IllegalStateException if the producer is stopped
     */
    CompletableFuture<PipelineSnapshot> snapshot();

    /**
     * Runs a callback in a transaction of its own, independent of any other that is open, and commits it. Sends of the
     * callback on this thread, through any template of the factory, are part of it; those of other threads are not.
     *
     * <p>Whatever the callback throws, also an {@link Error}, aborts the transaction and is thrown on, with what the abort
     * met as suppressed.
     *
     * @return what the callback returned, once the transaction is committed
     * @throws TransactionsNotEnabledException if the producer is not transactional
     * @throws NestedLocalTransactionException within another call on the same template and thread
     * @throws ProducerOperationException if there is no producer to be had; the callback has not run
     * @throws TransactionAbortedException if the transaction was aborted instead of committed, because something of it failed
     * @throws ProducerTransactionFailedException if the producer was fenced or refused for good; nothing is committed
     * @throws TransactionOutcomeUnknownException if nobody answered whether it is committed
     */
    <T extends @Nullable Object, X extends Exception> T executeInTransaction(OperationsCallback<K, V, T, X> callback)
            throws X;

    /**
     * Makes a consumer's progress part of the current transaction and waits until the group's coordinator has it. If that
     * fails, the transaction can only be aborted.
     *
     * @param offsets of each partition the next record to consume
     * @param group the consumer's place in its group
     * @throws TransactionRequiredForSendException without a transaction
     * @throws TransactionsNotEnabledException if the producer is not transactional
     * @throws ProducerOperationException if it fails
     */
    void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group);

    /** Whether a send on this thread would be part of a transaction now, be it that the send joins one. */
    boolean inTransaction();

    /** Whether records are sent in transactions. */
    boolean isTransactional();

    /** Whether records may be sent outside of a transaction although the producer is transactional. */
    boolean isAllowNonTransactional();

    /** Where the producer comes from. */
    ProducerFactory<K, V> getProducerFactory();
}
