package dev.millrace.producer;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
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
     * <p>The one wait is for buffer space, at most {@code max-block}, first come, first served. A thread that must not wait
     * never does: the delivery executor, the I/O loop, any event loop of Netty, Reactor's non-blocking threads, and what
     * {@link Producers.Builder#nonBlockingThreads} names. There the future fails at once if there is no space; use {@link
     * #trySend} and {@link #whenWritable}.
     *
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
     * Accepts a record if there is buffer space for it right now; never waits. Also a record for a topic that is not known
     * yet is accepted, as with {@code send}.
     *
     * <p>Null is the one answer that is not an outcome: nothing was accepted, counted or kept, and the same record may be
     * tried again, best when {@link #whenWritable} says so. Everything else that goes wrong arrives through the future.
     *
     * <pre>{@code
     * if (producer.trySend(record) == null) {
     *     producer.whenWritable().thenRun(() -> ...);
     * }
     * }</pre>
     *
     * @return as {@code send} does, or null if there is no space now
     * @throws NullPointerException if the record is null
     * @throws IllegalStateException if the producer is closed
     */
    @Nullable
    CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record);

    /**
     * As {@link #trySend(ProducerRecord)}, and the callback runs right before the future completes.
     *
     * @param callback told once what became of the record, unless it was not accepted
     */
    @Nullable
    CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback);

    /**
     * Waits for buffer space without a thread: for {@code batch-size} bytes, or for the record that {@code trySend} refused
     * last if that is larger.
     *
     * <p>It stands in line with the threads that wait in {@code send}, first come, first served. When its turn comes the
     * space is set aside while what is chained to the future runs, so a {@code trySend} there finds it; what is not used is
     * free for the next in line. A future that is cancelled leaves the line.
     *
     * @return completed on the delivery executor, or already complete if there is space now; fails with a {@link
     *     dev.millrace.producer.errors.ProducerClosedException} when the producer closes
     * @throws IllegalStateException if the producer is closed
     */
    CompletableFuture<Void> whenWritable();

    /** As {@link #sendAll(Iterable, SendAllOptions)} with the defaults. */
    default CompletableFuture<SendAllResult> sendAll(Iterable<? extends ProducerRecord<K, V>> records) {
        return sendAll(records, SendAllOptions.defaults());
    }

    /**
     * Sends all records of a source, in order, no faster than the buffer takes them; returns at once and holds no thread.
     * The source is read as space becomes free, on the executor of the options, one record at a time. For a stream pass
     * {@code stream::iterator}.
     *
     * <p>Cancelling the result ends the reading; what was accepted is delivered all the same.
     *
     * @return completed on the delivery executor when every record that was sent has ended; fails only if it is cancelled
     * @throws IllegalStateException if the producer is closed
     */
    CompletableFuture<SendAllResult> sendAll(Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options);

    /** As {@link #sendAll(Iterable, SendAllOptions)}, for somebody who has to know of each record. */
    CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options, RecordFollower<K, V> follower);

    /** As {@link #sendAll(Flow.Publisher, SendAllOptions)} with the defaults. */
    default CompletableFuture<SendAllResult> sendAll(Flow.Publisher<? extends ProducerRecord<K, V>> records) {
        return sendAll(records, SendAllOptions.defaults());
    }

    /**
     * Subscribes to a publisher and sends what it publishes, in order. It requests no more than the buffer takes, up to 128
     * records at a time, and blocks no thread of the publisher.
     *
     * <p>Cancelling the result cancels the subscription; what was accepted is delivered all the same.
     *
     * @return as {@link #sendAll(Iterable, SendAllOptions)}
     * @throws IllegalStateException if the producer is closed
     */
    CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options);

    /** As {@link #sendAll(Flow.Publisher, SendAllOptions)}, for somebody who has to know of each record. */
    CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            RecordFollower<K, V> follower);

    /**
     * Sends without lingering what was accepted before this call, and waits until all of it is delivered or failed and
     * the callbacks have run. Bounded by {@code delivery-timeout} and the moment by which records may fail later.
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
     * The whole pipeline at this moment: what waits where, and which part holds the others up. Asks no broker.
     *
     * @return completed on the delivery executor; fails with an {@link IllegalStateException} if the producer is closed
     */
    CompletableFuture<PipelineSnapshot> snapshot();

    /**
     * What the cluster calls this producer in the metrics it is sent (KIP-714). It is the same for the producer's whole life.
     *
     * @return completed on the delivery executor, once a broker has given the id; fails with an
     *     {@link IllegalStateException} if that cannot be: telemetry is off, no broker takes it, or the producer is closed
     */
    CompletableFuture<UUID> clientInstanceId();

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

    /**
     * Closes with a timeout in which every record completes by itself: {@code delivery-timeout}, the moment by which records
     * may fail later, and {@code request-timeout}.
     */
    @Override
    void close();
}
