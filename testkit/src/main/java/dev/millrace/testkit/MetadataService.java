package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Broker;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Partition;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Topic;
import dev.millrace.testkit.TopicState.PartitionState;
import dev.millrace.testkit.Topology.Node;
import java.util.Arrays;
import java.util.List;

/** Answers Metadata requests. Guarded by the cluster's lock. */
final class MetadataService {

    static final String CLUSTER_ID = "millrace-fake-cluster";

    private final Topology topology;
    private final String host;

    MetadataService(Topology topology, String host) {
        this.topology = topology;
        this.host = host;
    }

    Answer answer(ReceivedRequest received, MetadataRequest request) {
        List<Node> running = topology.runningNodes();
        List<Broker> brokers = running.stream()
                .map(node -> new Broker(node.id(), host, node.port(), null))
                .toList();
        int controller = running.isEmpty() ? Topology.NO_NODE : running.get(0).id();
        MetadataResponse response =
                new MetadataResponse(0, brokers, CLUSTER_ID, controller, topics(request), ErrorCode.NONE);
        return received.reply(out -> response.write(out, received.version()));
    }

    private List<Topic> topics(MetadataRequest request) {
        List<String> names = request.topics();
        if (names == null) {
            return topology.topics().stream().map(this::describe).toList();
        }
        return names.stream()
                .map(name -> describe(name, request.allowAutoTopicCreation()))
                .toList();
    }

    private Topic describe(String name, boolean mayCreate) {
        ErrorCode scripted = topology.topicError(name);
        if (scripted != ErrorCode.NONE) {
            return failed(name, scripted);
        }
        TopicState topic = topology.findTopic(name);
        if (topic != null) {
            return describe(topic);
        }
        if (!topology.isLegalName(name)) {
            return failed(name, ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (mayCreate && topology.autoCreates()) {
            topology.createTopicByDefaults(name); // the request that creates a topic does not see it yet
        }
        return failed(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private Topic describe(TopicState topic) {
        ErrorCode scripted = topology.topicError(topic.name());
        if (scripted != ErrorCode.NONE) {
            return failed(topic.name(), scripted);
        }
        List<Partition> partitions =
                topic.partitions().stream().map(this::describe).toList();
        return new Topic(ErrorCode.NONE, topic.name(), topic.id(), false, partitions);
    }

    private Partition describe(PartitionState partition) {
        ErrorCode error = partition.leader() == Topology.NO_NODE ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE;
        int[] inSync = Arrays.stream(partition.replicas())
                .filter(node -> topology.node(node).isRunning())
                .toArray();
        int[] offline = Arrays.stream(partition.replicas())
                .filter(node -> !topology.node(node).isRunning())
                .toArray();
        return new Partition(
                error,
                partition.index(),
                partition.leader(),
                partition.leaderEpoch(),
                partition.replicas(),
                inSync,
                offline);
    }

    private static Topic failed(String name, ErrorCode error) {
        return new Topic(error, name, TopicIds.UNKNOWN, false, List.of());
    }
}
