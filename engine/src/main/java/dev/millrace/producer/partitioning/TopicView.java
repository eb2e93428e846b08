package dev.millrace.producer.partitioning;

import org.jspecify.annotations.Nullable;

/** The partitions of one topic, as the cluster last described them. Immutable. */
public interface TopicView {

    /** The topic's name. */
    String topic();

    /** How many partitions the topic has, at least 1, with and without leader. */
    int partitionCount();

    /** How many of them have a leader. */
    int availableCount();

    /**
     * A partition with a leader.
     *
     * @param index 0 to {@link #availableCount()} - 1; the partitions ascend
     */
    int available(int index);

    /** The node that takes writes to a partition, or {@link dev.millrace.producer.PartitionInfo#NO_LEADER}. */
    int leader(int partition);

    /** The rack of the partition's leader; null if it has none, or none is known. */
    @Nullable String leaderRack(int partition);
}
