package dev.millrace.testkit.spring;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.testkit.FakeCluster;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Connection details are not asked for named producers that have bootstrap servers of their own; this one is. The last word. */
@Order(Ordered.LOWEST_PRECEDENCE)
final class FakeClusterAddress implements ProducerConfigCustomizer {

    private final FakeCluster cluster;

    FakeClusterAddress(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void customize(ProducerConfig.Builder builder) {
        builder.bootstrapServers(cluster.bootstrapServers().split(",", -1))
                .securityProtocol(SecurityProtocol.PLAINTEXT);
    }
}
