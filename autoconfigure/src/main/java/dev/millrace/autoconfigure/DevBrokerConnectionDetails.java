package dev.millrace.autoconfigure;

import dev.millrace.devbroker.DevCluster;
import java.util.List;

/** The development broker's addresses. */
final class DevBrokerConnectionDetails implements ProducerConnectionDetails {

    private final DevCluster cluster;

    DevBrokerConnectionDetails(DevCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public List<String> getBootstrapServers() {
        return List.of(cluster.bootstrapServers().split(",", -1));
    }
}
