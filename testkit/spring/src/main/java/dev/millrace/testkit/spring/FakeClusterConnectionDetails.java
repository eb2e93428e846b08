package dev.millrace.testkit.spring;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.testkit.FakeCluster;
import java.util.List;

/** The addresses of the fake cluster, which takes no credentials. */
final class FakeClusterConnectionDetails implements ProducerConnectionDetails {

    private final FakeCluster cluster;

    FakeClusterConnectionDetails(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public List<String> getBootstrapServers() {
        return List.of(cluster.bootstrapServers().split(",", -1));
    }

    @Override
    public String getSecurityProtocol() {
        return "PLAINTEXT";
    }
}
