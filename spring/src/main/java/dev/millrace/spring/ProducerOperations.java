package dev.millrace.spring;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.ProducerRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What an application does with a producer. Safe for use by any number of threads.
 *
 * <p>The contract of every {@code send}:
 *
 * <ul>
 *   <li>It never waits for the cluster and never throws for what data, cluster or network did: serialization, size,
 *       full buffer, authentication, a time limit all arrive through the future, as {@link SendFailedException}.
 *   <li>It throws for programming errors only: {@link NullPointerException} for a null topic or record,
 *       {@link IllegalArgumentException} for an empty topic or a negative partition, {@link IllegalStateException} once
 *       the producer is stopped.
 *   <li>Futures complete on the engine's delivery executor, in the order of the sends for each partition. Cancelling or
 *       timing out a future does not take the record back.
 * </ul>
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ProducerOperations<K extends @Nullable Object, V extends @Nullable Object> {

    /** Sends a record without key; the partitioner chooses the partition. */
    CompletableFuture<SendResult<K, V>> send(String topic, @Nullable V value);

    /** Sends a record whose key decides the partition. */
    CompletableFuture<SendResult<K, V>> send(String topic, @Nullable K key, @Nullable V value);

    /** Sends a record to one partition; null leaves the choice to the partitioner. */
    CompletableFuture<SendResult<K, V>> send(
            String topic, @Nullable Integer partition, @Nullable K key, @Nullable V value);

    /** Sends a record with everything it can have: partition, timestamp, headers. The record is not changed. */
    CompletableFuture<SendResult<K, V>> send(ProducerRecord<K, V> record);

    /**
     * Sends without lingering what was accepted before this call, and waits until all of it is delivered or failed and
     * its futures are complete. Bounded by {@code app.producer.delivery-timeout}. In a continuation of a send it only
     * starts the sending.
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

    /** Where the producer comes from. */
    ProducerFactory<K, V> getProducerFactory();
}
