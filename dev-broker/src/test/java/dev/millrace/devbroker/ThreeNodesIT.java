package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.junit.WithDevCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithDevCluster(nodes = 3, settings = "num.replica.fetchers=1")
@Timeout(180)
class ThreeNodesIT {
    @Test
    void anotherNodeLeadsWhenTheLeaderIsKilled(DevCluster cluster) throws Exception {
        String topic = Kafka.newTopic();
        cluster.createTopic(topic, 1, 3, Map.of("min.insync.replicas", "2"));
        assertThat(cluster.bootstrapServers().split(",")).hasSize(3);
        Kafka.produce(cluster, topic, "before");
        int leader;
        try (KafkaProducer<String, String> producer = Kafka.producer(cluster)) {
            leader = producer.partitionsFor(topic).get(0).leader().id();
        }

        cluster.kill(leader);
        Kafka.produce(cluster, topic, "during");
        cluster.awaitReady(Duration.ofSeconds(30));
        cluster.start(leader);
        cluster.awaitReady(Duration.ofSeconds(30));

        assertThat(Kafka.readAll(cluster, topic)).isEqualTo(List.of("before", "during"));
    }

    @Test
    void startsAgainAfterAllNodesWereKilled(DevCluster cluster) throws Exception {
        String topic = Kafka.newTopic();
        Kafka.produce(cluster, topic, "before");
        for (int node = 1; node <= cluster.nodes(); node++) {
            cluster.kill(node);
        }

        cluster.start();

        Kafka.produce(cluster, topic, "after");
        assertThat(Kafka.readAll(cluster, topic)).containsExactlyInAnyOrder("before", "after");
    }
}
