package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Partition;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a Metadata response makes of a snapshot. Pure.
 *
 * <p>Topics the response does not speak of stay. A partition keeps what is known of it if the response has an older
 * leader epoch, unless the topic's id says that it is another topic of the same name (KAFKA-12257, KAFKA-13488).
 *
 * @param snapshot the new snapshot
 * @param bringsNews whether it differs from the old one in more than its version
 * @param asksForAnother whether the response itself says that it is not the last word: a topic or partition has an error
 *     that passes, or a leader nobody knows
 */
record SnapshotUpdate(ClusterSnapshot snapshot, boolean bringsNews, boolean asksForAnother) {

    /**
     * Applies a response.
     *
     * @throws MalformedResponseException if the response contradicts itself
     */
    static SnapshotUpdate of(ClusterSnapshot old, MetadataResponse response) {
        Map<Integer, BrokerAddress> nodes = new HashMap<>();
        Map<Integer, String> racks = new HashMap<>();
        for (MetadataResponse.Broker broker : response.brokers()) {
            nodes.put(broker.nodeId(), new BrokerAddress(broker.host(), broker.port()));
            String rack = broker.rack();
            if (rack != null) {
                racks.put(broker.nodeId(), rack);
            }
        }
        Map<String, TopicSnapshot> topics = new HashMap<>(old.topics());
        boolean asksForAnother = false;
        for (Topic topic : response.topics()) {
            String name = topic.name();
            if (name != null) {
                topics.put(name, merge(old.topic(name), name, topic));
                asksForAnother |= asksForAnother(topic, nodes.keySet());
            }
        }
        topics.replaceAll((name, topic) -> topic.withLeadersAmong(nodes.keySet()));
        ClusterSnapshot updated = new ClusterSnapshot(old.version() + 1, response.clusterId(), nodes, racks, topics);
        boolean same = updated.nodes().equals(old.nodes())
                && updated.racks().equals(old.racks())
                && updated.topics().equals(old.topics());
        return new SnapshotUpdate(updated, !same, asksForAnother);
    }

    private static boolean asksForAnother(Topic topic, Set<Integer> nodeIds) {
        return topic.error().isRetriable()
                || topic.partitions().stream()
                        .anyMatch(each -> each.error().isRetriable() || !nodeIds.contains(each.leaderId()));
    }

    private static TopicSnapshot merge(@Nullable TopicSnapshot old, String name, Topic topic) {
        if (topic.error() == ErrorCode.NONE) {
            return merge(old, new Columns(name, topic.partitions().size()), topic);
        }
        boolean stillOfUse = old != null && topic.error().isRetriable();
        return stillOfUse && old != null ? old.withError(topic.error()) : TopicSnapshot.failed(name, topic.error());
    }

    private static TopicSnapshot merge(@Nullable TopicSnapshot old, Columns columns, Topic topic) {
        for (Partition partition : topic.partitions()) {
            columns.checkIndex(partition.index());
            boolean isOutdated = old != null
                    && old.isSameTopic(topic.topicId())
                    && old.hasNewerEpochThan(partition.index(), partition.leaderEpoch());
            if (isOutdated && old != null) {
                columns.keep(old, partition.index());
            } else {
                columns.take(partition);
            }
        }
        return columns.toTopic(topic);
    }

    /** A topic's partitions while they are collected, in the order of their indexes. */
    private static final class Columns {

        private final String name;
        private final @Nullable PartitionInfo[] infos;
        private final int[] leaderEpochs;

        Columns(String name, int partitionCount) {
            this.name = name;
            infos = new PartitionInfo[partitionCount];
            leaderEpochs = new int[partitionCount];
        }

        void checkIndex(int index) {
            if (index < 0 || index >= infos.length || infos[index] != null) {
                throw new MalformedResponseException("partition out of range or twice: topic=" + name + " partition="
                        + index + " partitions=" + infos.length);
            }
        }

        void keep(TopicSnapshot old, int index) {
            infos[index] = old.partitions().get(index);
            leaderEpochs[index] = old.leaderEpoch(index);
        }

        void take(Partition partition) {
            int leader = partition.leaderId() < 0 ? PartitionInfo.NO_LEADER : partition.leaderId();
            infos[partition.index()] = new PartitionInfo(
                    name, partition.index(), leader, partition.replicas().length, partition.inSyncReplicas().length);
            leaderEpochs[partition.index()] = partition.leaderEpoch();
        }

        TopicSnapshot toTopic(Topic topic) {
            List<PartitionInfo> complete = new ArrayList<>(infos.length);
            for (PartitionInfo info : infos) {
                if (info == null) { // as many entries as indexes, none twice: so none is missing
                    throw new IllegalStateException("gap in " + Arrays.toString(infos));
                }
                complete.add(info);
            }
            return new TopicSnapshot(name, topic.topicId(), topic.error(), complete, leaderEpochs);
        }
    }
}
