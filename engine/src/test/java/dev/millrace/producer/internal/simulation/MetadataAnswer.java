package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds a Metadata response.
 *
 * <pre>
 * new MetadataAnswer().node(1, "b1", 9092).topic("orders", 1, 1, -1).build()   // leaders of partitions 0, 1, 2
 * </pre>
 */
public final class MetadataAnswer {

    private final List<MetadataResponse.Broker> brokers = new ArrayList<>();
    private final List<MetadataResponse.Topic> topics = new ArrayList<>();
    private ErrorCode error = ErrorCode.NONE;
    private String clusterId = "cluster";
    private int throttleTimeMillis;

    /** Adds a node. */
    public MetadataAnswer node(int nodeId, String host, int port) {
        return node(nodeId, host, port, null);
    }

    /** Adds a node in a rack. */
    public MetadataAnswer node(int nodeId, String host, int port, @Nullable String rack) {
        brokers.add(new MetadataResponse.Broker(nodeId, host, port, rack));
        return this;
    }

    /** Adds a node where a simulated broker listens. */
    public MetadataAnswer node(int nodeId, SimulatedBroker broker) {
        return node(nodeId, broker, null);
    }

    /** Adds a node in a rack, where a simulated broker listens. */
    public MetadataAnswer node(int nodeId, SimulatedBroker broker, @Nullable String rack) {
        BrokerAddress address = broker.address();
        return node(nodeId, address.host(), address.port(), rack);
    }

    /** Adds a topic of leader epoch 0 with as many partitions as leaders; -1 is no leader. */
    public MetadataAnswer topic(String name, int... leaders) {
        return topic(name, TopicIds.UNKNOWN, 0, leaders);
    }

    /** Adds a topic with one leader epoch for all partitions. */
    public MetadataAnswer topic(String name, UUID topicId, int leaderEpoch, int... leaders) {
        List<MetadataResponse.Partition> partitions = new ArrayList<>();
        for (int i = 0; i < leaders.length; i++) {
            ErrorCode partitionError = leaders[i] < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE;
            int[] replicas = {Math.max(0, leaders[i])};
            partitions.add(new MetadataResponse.Partition(
                    partitionError, i, leaders[i], leaderEpoch, replicas, replicas, new int[0]));
        }
        topics.add(new MetadataResponse.Topic(ErrorCode.NONE, name, topicId, false, partitions));
        return this;
    }

    /** Adds a topic the cluster has nothing but an error for. */
    public MetadataAnswer refusedTopic(String name, ErrorCode topicError) {
        topics.add(new MetadataResponse.Topic(topicError, name, TopicIds.UNKNOWN, false, List.of()));
        return this;
    }

    /** Sets the error of the whole response (v13). */
    public MetadataAnswer error(ErrorCode topLevelError) {
        error = topLevelError;
        return this;
    }

    /** Sets the cluster's id. */
    public MetadataAnswer clusterId(String id) {
        clusterId = id;
        return this;
    }

    /** Asks the client to be silent for a while. */
    public MetadataAnswer throttled(int millis) {
        throttleTimeMillis = millis;
        return this;
    }

    /** The response. */
    public MetadataResponse build() {
        return new MetadataResponse(throttleTimeMillis, brokers, clusterId, -1, topics, error);
    }
}
