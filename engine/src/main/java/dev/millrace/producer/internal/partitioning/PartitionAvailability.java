package dev.millrace.producer.internal.partitioning;

/**
 * The partitions of one topic. Their number and leaders are those of one snapshot of the cluster and do not change during
 * a call; what waits for them changes all the time and is read without a lock.
 */
public interface PartitionAvailability {

    /** How many partitions the topic has, at least 1. */
    int partitionCount();

    /** How many of them have a leader. */
    int availableCount();

    /** A partition with a leader; {@code index} counts from 0 to {@link #availableCount()} - 1. */
    int available(int index);

    /** How many of the available ones have their leader in the producer's rack; 0 if racks are not to be looked at. */
    int nearbyCount();

    /** An available partition in the producer's rack; {@code index} counts from 0 to {@link #nearbyCount()} - 1. */
    int nearby(int index);

    /** The node that takes writes to a partition. */
    int leader(int partition);

    /** How much waits for the partition, in batch sizes, rounded up; not what is in flight. */
    int load(int partition);

    /** Whether data of the partition is ready and could not be sent for longer than the availability timeout. */
    boolean isOverdue(int partition);

    /** Whether the last batch of the partition is smaller than the batch size and waits for more. */
    boolean isFilling(int partition);
}
