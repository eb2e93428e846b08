package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the cluster at one moment. Immutable; any thread. */
public final class ClusterSnapshot {

    /** Before the first answer of a broker. */
    public static final ClusterSnapshot EMPTY = new ClusterSnapshot(0, null, Map.of(), Map.of(), Map.of());

    private final long version;
    private final @Nullable String clusterId; // brokers need not have one
    private final Map<Integer, BrokerAddress> nodes;
    private final Map<Integer, String> racks;
    private final Map<String, TopicSnapshot> topics;
    private final Object token = new Object();

    ClusterSnapshot(
            long version,
            @Nullable String clusterId,
            Map<Integer, BrokerAddress> nodes,
            Map<Integer, String> racks,
            Map<String, TopicSnapshot> topics) {
        this.version = version;
        this.clusterId = clusterId;
        // hash maps stand keys that were chosen to collide, the maps of Map.copyOf take quadratic time for them
        this.nodes = Collections.unmodifiableMap(new HashMap<>(nodes));
        this.racks = Collections.unmodifiableMap(new HashMap<>(racks));
        this.topics = Collections.unmodifiableMap(new HashMap<>(topics));
    }

    /** Grows with each successful update, also one that brought nothing new. 0 before the first one. */
    public long version() {
        return version;
    }

    /** The cluster's id, null if the brokers did not tell. */
    public @Nullable String clusterId() {
        return clusterId;
    }

    /** The nodes by id; empty before the first answer. */
    public Map<Integer, BrokerAddress> nodes() {
        return nodes;
    }

    /** Where a node listens, null if it is not known. */
    public @Nullable BrokerAddress node(int nodeId) {
        return nodes.get(nodeId);
    }

    /** The racks of the nodes that have one. */
    public Map<Integer, String> racks() {
        return racks;
    }

    /** A topic, null if no broker has said anything about it yet. */
    public @Nullable TopicSnapshot topic(String name) {
        return topics.get(name);
    }

    /** Stands for this snapshot with those who remember which one they saw and must not keep it alive. */
    public Object token() {
        return token;
    }

    /** The topics by name. */
    public Map<String, TopicSnapshot> topics() {
        return topics;
    }

    /** Node that takes writes to a partition, or {@link PartitionInfo#NO_LEADER} if that is not known. */
    public int leader(String topic, int partition) {
        TopicSnapshot known = topics.get(topic);
        return known == null || partition >= known.partitionCount() ? PartitionInfo.NO_LEADER : known.leader(partition);
    }

    /** The same cluster without some topics. */
    ClusterSnapshot without(Set<String> names) {
        Map<String, TopicSnapshot> kept = new HashMap<>(topics);
        kept.keySet().removeAll(names);
        return kept.size() == topics.size() ? this : new ClusterSnapshot(version, clusterId, nodes, racks, kept);
    }

    /**
     * The same cluster with what a broker said in passing, or this very object if that is no news. Hints of a topic that
     * was made anew since are no news: its leader epochs have begun again.
     */
    ClusterSnapshot with(Collection<LeaderHint> hints) {
        Map<Integer, BrokerAddress> moreNodes = new HashMap<>(nodes);
        Map<String, TopicSnapshot> changed = new HashMap<>(topics);
        boolean anyNews = false;
        for (LeaderHint hint : hints) {
            TopicSnapshot topic = changed.get(hint.topic());
            if (topic != null && isNews(hint, topic)) {
                moreNodes.putAll(hint.endpoints());
                changed.put(hint.topic(), topic.withLeader(hint.partition(), hint.leader(), hint.leaderEpoch()));
                anyNews = true;
            }
        }
        return anyNews ? new ClusterSnapshot(version + 1, clusterId, moreNodes, racks, changed) : this;
    }

    private boolean isNews(LeaderHint hint, TopicSnapshot topic) {
        return hint.partition() < topic.partitionCount()
                && topic.isSameTopic(hint.topicId())
                && hint.leaderEpoch() > topic.leaderEpoch(hint.partition())
                && (hint.endpoints().containsKey(hint.leader()) || nodes.containsKey(hint.leader()));
    }

    @Override
    public String toString() {
        return "ClusterSnapshot[version=" + version + ", clusterId=" + clusterId + ", nodes=" + nodes + ", topics="
                + topics.values() + "]";
    }
}
