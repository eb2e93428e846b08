package dev.millrace.producer.internal.client;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.partitioning.Murmur2;
import dev.millrace.producer.internal.partitioning.PartitionAvailability;
import dev.millrace.producer.internal.partitioning.StickyPartition;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How the records of one topic find their partitions and queues. Any thread. */
final class TopicRoute {

    private final TopicQueues queues;
    private final StickyPartition sticky;
    private final boolean ignoreKeys;
    private final AtomicBoolean expiryArmed = new AtomicBoolean();

    private volatile @Nullable View view; // null until the topic is known

    TopicRoute(TopicQueues queues, StickyPartition sticky, boolean ignoreKeys) {
        this.queues = queues;
        this.sticky = sticky;
        this.ignoreKeys = ignoreKeys;
    }

    TopicQueues queues() {
        return queues;
    }

    String topic() {
        return queues.topic();
    }

    /** Whether the expiry of waiting records has yet to be scheduled; says so once until {@link #expiryDone}. */
    boolean armExpiry() {
        return !expiryArmed.get() && expiryArmed.compareAndSet(false, true);
    }

    void expiryDone() {
        expiryArmed.set(false);
    }

    /**
     * Where the record goes: as the user chose, else by the hash of its key, else to the sticky partition.
     *
     * @return {@link RecordMetadata#UNKNOWN_PARTITION} if the topic has not, or not yet, the partition the user chose
     */
    int partitionFor(TopicSnapshot topic, @Nullable Integer chosen, SerializedRecord record) {
        if (chosen != null) {
            return chosen < topic.partitionCount() ? chosen : RecordMetadata.UNKNOWN_PARTITION;
        }
        if (record.keyLength() >= 0 && !ignoreKeys) {
            return Murmur2.partitionFor(record.key(), record.keyOffset(), record.keyLength(), topic.partitionCount());
        }
        return sticky.current(viewOf(topic));
    }

    /** The record was appended; the sticky partition moves on after a batch's worth of bytes. */
    void appended(TopicSnapshot topic, @Nullable Integer chosen, SerializedRecord record, int partition) {
        boolean byStickiness = chosen == null && (record.keyLength() < 0 || ignoreKeys);
        if (byStickiness) {
            sticky.onAppended(partition, record.payloadBytes(), true, viewOf(topic));
        }
    }

    @SuppressWarnings("ReferenceEquality") // snapshots are compared by identity: an equal one makes an equal view
    private View viewOf(TopicSnapshot topic) {
        View known = view;
        if (known == null || known.topic != topic) {
            known = new View(topic);
            view = known;
        }
        return known;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record View(TopicSnapshot topic, int[] available) implements PartitionAvailability {

        View(TopicSnapshot topic) {
            this(topic, topic.availablePartitions());
        }

        @Override
        public int partitionCount() {
            return topic.partitionCount();
        }

        @Override
        public int availableCount() {
            return available.length;
        }

        @Override
        public int available(int index) {
            return available[index];
        }
    }
}
