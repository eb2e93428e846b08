package dev.millrace.producer.internal.client;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.partitioning.PartitionAvailability;
import dev.millrace.producer.partitioning.TopicView;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A topic's partitions as those who choose see them: one snapshot of the cluster, and the queues of this producer. */
final class KnownTopic implements PartitionAvailability, TopicView {

    private final TopicSnapshot topic;
    private final TopicQueues queues;
    private final Map<Integer, String> racks;
    private final long availabilityTimeoutNanos;
    private final LongSupplier nanos;
    private final int[] available;
    private final int[] nearby;

    KnownTopic(
            TopicSnapshot topic,
            TopicQueues queues,
            Map<Integer, String> racks,
            PartitioningSettings settings,
            LongSupplier nanos) {
        this.topic = topic;
        this.queues = queues;
        this.racks = racks;
        this.availabilityTimeoutNanos = settings.availabilityTimeoutNanos();
        this.nanos = nanos;
        this.available = topic.availablePartitions();
        String rack = settings.rack();
        this.nearby = rack == null
                ? new int[0]
                : IntStream.of(available)
                        .filter(each -> rack.equals(leaderRack(each)))
                        .toArray();
    }

    @SuppressWarnings("ReferenceEquality") // quick, and an equal snapshot would make an equal view
    boolean shows(TopicSnapshot other) {
        return topic == other;
    }

    @Override
    public String topic() {
        return topic.name();
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

    @Override
    public int nearbyCount() {
        return nearby.length;
    }

    @Override
    public int nearby(int index) {
        return nearby[index];
    }

    @Override
    public int leader(int partition) {
        return topic.leader(partition);
    }

    @Override
    public @Nullable String leaderRack(int partition) {
        int leader = topic.leader(partition);
        return leader == PartitionInfo.NO_LEADER ? null : racks.get(leader);
    }

    @Override
    public int load(int partition) {
        PartitionQueue queue = queues.existingQueue(partition);
        return queue == null ? 0 : queue.load();
    }

    @Override
    public boolean isOverdue(int partition) {
        if (availabilityTimeoutNanos == 0) {
            return false;
        }
        PartitionQueue queue = queues.existingQueue(partition);
        return queue != null && queue.isOverdue(nanos.getAsLong(), availabilityTimeoutNanos);
    }

    @Override
    public boolean isFilling(int partition) {
        PartitionQueue queue = queues.existingQueue(partition);
        return queue != null && queue.isFilling();
    }
}
