package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.TopicIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the cluster last described it. Immutable. A topic with an error may still have partitions: those known from
 * before, if the error is a passing one.
 */
public final class TopicSnapshot {

    private static final int UNKNOWN_EPOCH = -1;

    private final String name;
    private final UUID topicId;
    private final ErrorCode error;
    private final List<PartitionInfo> partitions; // by index, complete
    private final int[] leaderEpochs; // by index
    private final int[] available;

    /**
     * From all partitions of the topic.
     *
     * @param partitions by index, without gaps
     * @param leaderEpochs by index; the array is not copied
     */
    TopicSnapshot(String name, UUID topicId, ErrorCode error, List<PartitionInfo> partitions, int... leaderEpochs) {
        this.name = name;
        this.topicId = topicId;
        this.error = error;
        this.partitions = Collections.unmodifiableList(partitions);
        this.leaderEpochs = leaderEpochs;
        available = IntStream.range(0, partitions.size())
                .filter(index -> partitions.get(index).leader() != PartitionInfo.NO_LEADER)
                .toArray();
    }

    /** A topic of which nothing but an error is known. */
    static TopicSnapshot failed(String name, ErrorCode error) {
        return new TopicSnapshot(name, TopicIds.UNKNOWN, error, List.of());
    }

    /** The topic's name. */
    public String name() {
        return name;
    }

    /** The topic's id, {@link TopicIds#UNKNOWN} if the cluster did not tell. */
    public UUID topicId() {
        return topicId;
    }

    /** What the cluster last said against the topic, or NONE. */
    public ErrorCode error() {
        return error;
    }

    /** How many partitions the topic has, 0 if that is not known. */
    public int partitionCount() {
        return partitions.size();
    }

    /** Node that takes writes, known to the snapshot, or {@link PartitionInfo#NO_LEADER}. */
    public int leader(int partition) {
        return partitions.get(partition).leader();
    }

    /** Age of the leadership, -1 if not known. */
    public int leaderEpoch(int partition) {
        return leaderEpochs[partition];
    }

    /** How many partitions have a leader. */
    public int availableCount() {
        return available.length;
    }

    /** The partitions with a leader, ascending; shared, as it is read for every unkeyed record, and not to be written to. */
    public int[] availablePartitions() {
        return available;
    }

    /** All partitions, by index. */
    public List<PartitionInfo> partitions() {
        return partitions;
    }

    /** The same topic with an error. */
    TopicSnapshot withError(ErrorCode newError) {
        return new TopicSnapshot(name, topicId, newError, partitions, leaderEpochs);
    }

    /** The same topic with another leader of one partition. */
    TopicSnapshot withLeader(int partition, int leader, int leaderEpoch) {
        List<PartitionInfo> changed = new ArrayList<>(partitions);
        changed.set(partition, withLeader(partitions.get(partition), leader));
        int[] epochs = leaderEpochs.clone();
        epochs[partition] = leaderEpoch;
        return new TopicSnapshot(name, topicId, error, changed, epochs);
    }

    /** The same topic without leaders that are not among the nodes. */
    TopicSnapshot withLeadersAmong(Set<Integer> nodeIds) {
        if (partitions.stream().allMatch(each -> hasLeaderAmong(each, nodeIds))) {
            return this;
        }
        List<PartitionInfo> changed = new ArrayList<>(partitions.size());
        for (PartitionInfo each : partitions) {
            changed.add(hasLeaderAmong(each, nodeIds) ? each : withLeader(each, PartitionInfo.NO_LEADER));
        }
        return new TopicSnapshot(name, topicId, error, changed, leaderEpochs);
    }

    private static boolean hasLeaderAmong(PartitionInfo partition, Set<Integer> nodeIds) {
        return partition.leader() == PartitionInfo.NO_LEADER || nodeIds.contains(partition.leader());
    }

    private static PartitionInfo withLeader(PartitionInfo partition, int leader) {
        return new PartitionInfo(
                partition.topic(), partition.partition(), leader, partition.replicas(), partition.inSyncReplicas());
    }

    /** Whether another topic is this one, under the same id; topics without ids are told apart by name only. */
    boolean isSameTopic(UUID otherId) {
        return topicId.equals(otherId) || topicId.equals(TopicIds.UNKNOWN) || otherId.equals(TopicIds.UNKNOWN);
    }

    /** The age of a leadership if it can be compared. */
    boolean hasNewerEpochThan(int partition, int otherEpoch) {
        return otherEpoch != UNKNOWN_EPOCH && partition < leaderEpochs.length && leaderEpochs[partition] > otherEpoch;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicSnapshot that
                && name.equals(that.name)
                && topicId.equals(that.topicId)
                && error == that.error
                && partitions.equals(that.partitions)
                && Arrays.equals(leaderEpochs, that.leaderEpochs);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "TopicSnapshot[name=" + name + ", error=" + error + ", partitions=" + partitions.size() + ", available="
                + available.length + "]";
    }
}
