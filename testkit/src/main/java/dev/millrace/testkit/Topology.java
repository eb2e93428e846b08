package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.testkit.PartitionLog.UnknownProducers;
import dev.millrace.testkit.TopicState.PartitionState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Nodes, topics and who leads what. Guarded by the cluster's lock. */
final class Topology {

    static final int NO_NODE = -1;

    private static final int MAX_REPLICAS = 3;
    private static final Pattern LEGAL_NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, TopicState> topics = new LinkedHashMap<>();
    private final Map<String, ErrorCode> topicErrors = new HashMap<>();
    private final TopicDefaults defaults;

    Topology(TopicDefaults defaults) {
        this.defaults = defaults;
    }

    /**
     * What new topics get.
     *
     * @param autoCreate whether asking for a topic creates it
     * @param partitions how many partitions a topic created that way has
     * @param maxMessageBytes the largest batch a topic takes
     * @param unknownProducers what its partitions think of producers they do not remember
     */
    record TopicDefaults(boolean autoCreate, int partitions, int maxMessageBytes, UnknownProducers unknownProducers) {}

    /** A broker's place in the cluster. */
    static final class Node {

        private final int id;
        private int port;
        private boolean running = true;

        private Node(int id, int port) {
            this.id = id;
            this.port = port;
        }

        int id() {
            return id;
        }

        int port() {
            return port;
        }

        boolean isRunning() {
            return running;
        }
    }

    void addNode(int port) {
        nodes.add(new Node(nodes.size(), port));
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(int id) {
        if (id < 0 || id >= nodes.size()) {
            throw new IllegalArgumentException("no such node: node=" + id + " nodes=0-" + (nodes.size() - 1));
        }
        return nodes.get(id);
    }

    List<Node> runningNodes() {
        return nodes.stream().filter(Node::isRunning).toList();
    }

    /** Marks a node as gone; the next running node takes over what it led. */
    void stopped(int id) {
        node(id).running = false;
        forEachPartition(partition -> {
            if (partition.leader() == id) {
                partition.setLeader(firstRunningFrom(id));
            }
        });
    }

    /** Marks a node as back; it takes over what nobody leads. */
    void started(int id, int port) {
        node(id).running = true;
        node(id).port = port;
        forEachPartition(partition -> {
            if (partition.leader() == NO_NODE) {
                partition.setLeader(id);
            }
        });
    }

    TopicState createTopic(String name, int partitions) {
        if (!isLegalName(name)) {
            throw new IllegalArgumentException("illegal topic name: " + name);
        }
        if (topics.containsKey(name)) {
            throw new IllegalArgumentException("topic exists already: topic=" + name);
        }
        TopicState topic = new TopicState(name, defaults.maxMessageBytes());
        topics.put(name, topic);
        addPartitions(topic, partitions);
        return topic;
    }

    TopicState createTopicByDefaults(String name) {
        return createTopic(name, defaults.partitions());
    }

    void addPartitions(TopicState topic, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "partitions must be at least 1: topic=" + topic.name() + " partitions=" + count);
        }
        for (int i = 0; i < count; i++) {
            int index = topic.partitions().size();
            int preferred = index % nodes.size();
            topic.partitions()
                    .add(new PartitionState(
                            index,
                            replicasFrom(preferred),
                            firstRunningFrom(preferred),
                            new PartitionLog(defaults.unknownProducers())));
        }
    }

    void deleteTopic(String name) {
        topic(name);
        topics.remove(name);
    }

    Collection<TopicState> topics() {
        return topics.values();
    }

    @Nullable TopicState findTopic(String name) {
        return topics.get(name);
    }

    @Nullable TopicState findTopic(UUID id) {
        for (TopicState topic : topics.values()) {
            if (topic.id().equals(id)) {
                return topic;
            }
        }
        return null;
    }

    TopicState topic(String name) {
        TopicState topic = topics.get(name);
        if (topic == null) {
            throw new IllegalArgumentException("no such topic: topic=" + name + " topics=" + topics.keySet());
        }
        return topic;
    }

    PartitionState partition(String topic, int index) {
        PartitionState partition = topic(topic).partition(index);
        if (partition == null) {
            throw new IllegalArgumentException("no such partition: topic=" + topic + " partition=" + index
                    + " partitions=" + topic(topic).partitions().size());
        }
        return partition;
    }

    boolean autoCreates() {
        return defaults.autoCreate();
    }

    boolean isLegalName(String name) {
        return LEGAL_NAME.matcher(name).matches();
    }

    ErrorCode topicError(String topic) {
        return topicErrors.getOrDefault(topic, ErrorCode.NONE);
    }

    void setTopicError(String topic, ErrorCode error) {
        topicErrors.put(topic, error);
    }

    void clearErrors() {
        topicErrors.clear();
    }

    /** Gives each partition without a leader the first running node. */
    void electMissingLeaders() {
        forEachPartition(partition -> {
            if (partition.leader() == NO_NODE) {
                partition.setLeader(firstRunningFrom(partition.index() % nodes.size()));
            }
        });
    }

    /** The first running node from this one on, in turn; {@link #NO_NODE} if none runs. */
    int firstRunningFrom(int id) {
        for (int i = 0; i < nodes.size(); i++) {
            Node candidate = nodes.get((id + i) % nodes.size());
            if (candidate.running) {
                return candidate.id;
            }
        }
        return NO_NODE;
    }

    private int[] replicasFrom(int id) {
        int[] replicas = new int[Math.min(MAX_REPLICAS, nodes.size())];
        for (int i = 0; i < replicas.length; i++) {
            replicas[i] = (id + i) % nodes.size();
        }
        return replicas;
    }

    void forEachPartition(Consumer<PartitionState> action) {
        topics.values().forEach(topic -> topic.partitions().forEach(action));
    }
}
