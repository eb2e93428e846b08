package dev.millrace.benchmarks.suite;

import dev.millrace.benchmarks.sink.SinkBroker;
import dev.millrace.devbroker.DevCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Real brokers. The topic has four partitions, on up to three nodes each. */
final class Cluster implements Broker {

    private static final int PARTITIONS = 4;
    private static final int HEAP_MEGABYTES = 512;
    private static final String LOG_BYTES = "268435456";

    private final DevCluster cluster;
    private final List<ProcessHandle> processes;

    Cluster(int nodes) {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        cluster = DevCluster.builder().nodes(nodes).heap(HEAP_MEGABYTES).start();
        int replicas = Math.min(nodes, 3);
        cluster.createTopic(SinkBroker.TOPIC, PARTITIONS, replicas, Map.of("retention.bytes", LOG_BYTES));
        processes = ProcessHandle.current()
                .children()
                .filter(child -> !before.contains(child))
                .toList();
    }

    @Override
    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    @Override
    public Duration cpu() {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public Map<String, Double> report() {
        return Map.of();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
