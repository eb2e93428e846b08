package dev.millrace.producer.internal.partitioning;

/** The partitions of one topic, as one snapshot of the cluster has them: the answers do not change during a call. */
public interface PartitionAvailability {

    /** How many partitions the topic has, at least 1. */
    int partitionCount();

    /** How many of them have a leader. */
    int availableCount();

    /** A partition with a leader; {@code index} counts from 0 to {@link #availableCount()} - 1. */
    int available(int index);
}
