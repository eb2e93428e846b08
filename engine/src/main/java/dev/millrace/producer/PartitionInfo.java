package dev.millrace.producer;

/**
 * One partition of a topic as the cluster last described it.
 *
 * @param topic the topic
 * @param partition the partition's index, from 0
 * @param leader id of the node that takes writes, or {@value #NO_LEADER}
 * @param replicas how many replicas the partition has
 * @param inSyncReplicas how many of them are in sync
 */
public record PartitionInfo(String topic, int partition, int leader, int replicas, int inSyncReplicas) {

    /** The leader's id while there is none. */
    public static final int NO_LEADER = -1;
}
