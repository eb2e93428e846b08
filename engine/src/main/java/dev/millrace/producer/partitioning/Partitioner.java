package dev.millrace.producer.partitioning;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of records that name none. Given to a producer with {@link
 * dev.millrace.producer.Producers.Builder#partitioner}.
 *
 * <p>Called exactly once for each record, outside every lock and never on the producer's event loop: on the thread that
 * calls {@code send} or, for a record that was sent before its topic was known, on the thread that runs callbacks as soon
 * as the topic is known. It must be safe for use by several threads. A slow one slows down its callers and, in the second
 * case, callbacks; it stops nothing else.
 *
 * <p>A result outside {@code 0 .. partitionCount - 1} and whatever is thrown fail the future of that record, with {@link
 * IllegalArgumentException} or what was thrown as its cause.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
@FunctionalInterface
public interface Partitioner<K extends @Nullable Object, V extends @Nullable Object> extends AutoCloseable {

    /**
     * The partition for this record.
     *
     * @param record what is sent; valid only during the call
     * @param topic the topic's partitions as the cluster last described them, at least one; does not change
     * @return 0 to {@link TopicView#partitionCount()} - 1
     */
    int partition(RecordView<K, V> record, TopicView topic);

    /** Called once, when the producer closes. */
    @Override
    default void close() {}
}
