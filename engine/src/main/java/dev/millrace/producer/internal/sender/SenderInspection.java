package dev.millrace.producer.internal.sender;

import static java.util.Comparator.comparing;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.ClusterSnapshot;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.BrokerConnections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Describes what the sender has to do. */
@EventLoopOnly
final class SenderInspection {

    private final ClusterMetadata metadata;
    private final BrokerConnections connections;
    private final Collection<PartitionState> partitions;
    private final Map<Integer, NodeQueue> nodes;

    /**
     * Wires the parts.
     *
     * @param partitions all there are, as the sender changes them
     * @param nodes what is ready for each node, as the sender changes it
     */
    SenderInspection(
            ClusterMetadata metadata,
            BrokerConnections connections,
            Collection<PartitionState> partitions,
            Map<Integer, NodeQueue> nodes) {
        this.metadata = metadata;
        this.connections = connections;
        this.partitions = partitions;
        this.nodes = nodes;
    }

    /** Partitions with something to do, by topic and number. Looks at every partition. */
    List<PartitionSnapshot> busyPartitions(long nowNanos) {
        ClusterSnapshot cluster = metadata.snapshot();
        List<PartitionSnapshot> busy = new ArrayList<>();
        for (PartitionState partition : partitions) {
            if (!partition.isIdle()) {
                TopicPartition where = partition.topicPartition();
                busy.add(partition.snapshot(cluster.leader(where.topic(), where.partition()), nowNanos));
            }
        }
        busy.sort(comparing((PartitionSnapshot each) -> each.partition().topic())
                .thenComparing(each -> each.partition().partition()));
        return busy;
    }

    /** The nodes that have a connection, by id. */
    List<NodeSnapshot> connectedNodes() {
        List<NodeSnapshot> known = new ArrayList<>();
        for (BrokerConnection connection : connections.all()) {
            NodeQueue waits = nodes.get(connection.nodeId());
            Throwable failure = connection.lastFailure();
            known.add(new NodeSnapshot(
                    connection.nodeId(),
                    connection.address().toString(),
                    connection.state().name(),
                    connection.inFlight(),
                    connection.throttledNanos(),
                    waits == null ? 0 : waits.size(),
                    failure == null ? null : failure.getMessage()));
        }
        known.sort(comparing(NodeSnapshot::node));
        return known;
    }
}
