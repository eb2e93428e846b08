package dev.millrace.producer.internal.sender;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.ClusterSnapshot;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.BrokerConnections;
import java.util.Set;

/** Finds out what keeps a partition's oldest batch from being sent, for the messages of the records that fail meanwhile. */
@EventLoopOnly
final class Obstacles {

    private final ClusterMetadata metadata;
    private final BrokerConnections connections;
    private final Idempotence idempotence;
    private final Set<PartitionState> unidentified;
    private final Set<PartitionState> heldBack;

    /**
     * Wires the parts.
     *
     * @param unidentified the partitions that wait for a producer id, as the sender changes them
     * @param heldBack the partitions that are not part of the transaction yet, as the sender changes them
     */
    Obstacles(
            ClusterMetadata metadata,
            BrokerConnections connections,
            Idempotence idempotence,
            Set<PartitionState> unidentified,
            Set<PartitionState> heldBack) {
        this.metadata = metadata;
        this.connections = connections;
        this.idempotence = idempotence;
        this.unidentified = unidentified;
        this.heldBack = heldBack;
    }

    /** Looked for where a batch has to pass first: a leader, a producer id, the transaction, earlier batches, the leader's connection. */
    Obstacle of(PartitionState partition) {
        ClusterSnapshot cluster = metadata.snapshot();
        TopicPartition where = partition.topicPartition();
        int leader = cluster.leader(where.topic(), where.partition());
        if (leader == PartitionInfo.NO_LEADER) {
            TopicSnapshot topic = cluster.topic(where.topic());
            return Obstacle.noLeader(where.partition(), topic == null ? 0 : topic.partitionCount());
        }
        if (unidentified.contains(partition)) {
            return Obstacle.of(
                    "the cluster has given no producer id" + idempotence.problem(), "check that the brokers are well");
        }
        if (heldBack.contains(partition)) {
            return Obstacle.of(
                    "the coordinator has not taken the partition into the transaction" + idempotence.problem(),
                    "check that the transaction's coordinator is well");
        }
        if (!partition.underway().isEmpty()) {
            return SendFailures.behind(partition.underway().get(0));
        }
        return at(leader, cluster);
    }

    private Obstacle at(int leader, ClusterSnapshot cluster) {
        BrokerAddress address = cluster.node(leader);
        if (address == null) {
            return Obstacle.of("the address of leader " + leader + " is not known", Obstacle.REACH_THE_NODE);
        }
        BrokerConnection connection = connections.connectionTo(leader, address);
        Throwable failure = connection.lastFailure();
        String node = "node " + leader + " at " + address;
        if (failure instanceof AuthenticationException refusal) {
            return new Obstacle(
                    node + ": " + refusal.getMessage(), refusal.errorCode(), "records sent after that are delivered");
        }
        if (failure != null) {
            return Obstacle.of(node + ": " + failure.getMessage(), Obstacle.REACH_THE_NODE);
        }
        if (connection.isThrottled()) {
            return Obstacle.throttled(node);
        }
        return connection.isReady()
                ? Obstacle.slow(node, connection.inFlight())
                : Obstacle.of("connecting to " + node, Obstacle.REACH_THE_NODE);
    }
}
