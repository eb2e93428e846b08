package dev.millrace.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to a Kafka cluster. Safe for use by any number of threads; one producer for an application is the rule.
 *
 * <p>Every accepted record completes exactly once: its future and its callback tell either where the broker put it or
 * why it was not delivered. The order of sends to a partition is the order in the log.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface Producer<K extends @Nullable Object, V extends @Nullable Object> extends AutoCloseable {

    /**
     * Accepts a record and returns at once; never waits for the cluster.
     *
     * <p>The one wait is for buffer space, at most {@code max-block}, and never on the delivery executor or the I/O loop.
     * Whatever data or cluster do wrong arrives through the future, with a
     * {@link dev.millrace.producer.errors.ProducerException}. Cancelling the future does not take the record back.
     *
     * @return completed on the delivery executor
     * @throws NullPointerException if the record is null
     * @throws IllegalStateException if the producer is closed
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record);

    /**
     * As {@link #send(ProducerRecord)}, and the callback runs right before the future completes.
     *
     * @param callback told once what became of the record, whichever way it fails
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback);

    /**
     * Sends without lingering what was accepted before this call, and waits until all of it is delivered or failed and
     * the callbacks have run. Bounded by {@code delivery-timeout}.
     *
     * <p>In a callback it only starts the sending: waiting there would wait for itself.
     *
     * @throws dev.millrace.producer.errors.ProducerException if the thread is interrupted; its flag stays set
     */
    void flush();

    /**
     * As {@link #flush()}, without a waiting thread.
     *
     * @return completed when all records accepted before this call are delivered or failed; never fails
     */
    CompletableFuture<Void> flushAsync();

    /**
     * The partitions of a topic, from the cluster's metadata; asks the cluster if the topic is not known.
     *
     * @return fails with a {@link dev.millrace.producer.errors.ProducerException} after {@code max-block}
     */
    CompletableFuture<List<PartitionInfo>> partitionsFor(String topic);

    /**
     * Stops accepting records, delivers what it can within the timeout, fails the rest and releases everything.
     *
     * <p>A second call waits for the first and returns the same report. In a callback it starts the closing and returns
     * the counts as they stand.
     *
     * @param timeout zero fails at once everything not yet delivered
     * @throws IllegalArgumentException if the timeout is negative
     */
    CloseReport close(Duration timeout);

    /** Closes with a timeout of {@code delivery-timeout}, within which every record completes. */
    @Override
    void close();
}
