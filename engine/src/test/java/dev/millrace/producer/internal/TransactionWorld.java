package dev.millrace.producer.internal;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.internal.protocol.message.CoordinatorType;
import dev.millrace.producer.internal.simulation.SimulatedCluster;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A simulated cluster of three nodes with a topic of three partitions, for processes that use it in transactions. Node 2
 * leads partition 0, node 3 the others; node 1 coordinates until something is moved.
 */
final class TransactionWorld {

    static final String TOPIC = "orders";
    static final String ID = "orders-tx-0";
    static final String GROUP = "readers";
    static final int NODES = 3;
    static final int CLASSIC = 1;
    static final int IMPLICIT = 2;

    final SimulatedEventLoop loop = new SimulatedEventLoop();
    final SimulatedTransport network = new SimulatedTransport(loop);
    final SimulatedCluster cluster = new SimulatedCluster(network, NODES);

    /** With a level of transaction.version. */
    TransactionWorld(int transactionVersion) {
        cluster.transactionVersion(transactionVersion);
        cluster.topic(TOPIC, 2, 3, 3);
    }

    /** Starts a process with the usual settings. */
    SimulatedProcess start() {
        return start(config -> config.linger(Duration.ZERO));
    }

    /** Starts a process. */
    SimulatedProcess start(UnaryOperator<ProducerConfig.Builder> settings) {
        return new SimulatedProcess(this, settings);
    }

    /** What consumers see that read committed records. */
    List<String> committed(int partition) {
        return cluster.log(TOPIC, partition).committedValues();
    }

    /** Makes another node coordinate the transactions. */
    void moveCoordinator(int nodeId) {
        cluster.coordinators().move(CoordinatorType.TRANSACTION, ID, nodeId);
    }

    /** The offset of partition 0 that is committed for {@link #GROUP}, -1 for none. */
    long committedOffset() {
        return cluster.groups().committed(GROUP).getOrDefault(new TopicPartition(TOPIC, 0), -1L);
    }
}
