package dev.millrace.spring;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.TopicPartition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Local transactions on a real broker. */
@WithDevCluster(autoCreateTopics = false, dedicated = true)
@Timeout(120)
class LocalTransactionsIT extends LocalTransactions {

    private final RealFactories factories;
    private final DevCluster cluster;
    private final long start; // what earlier tests have sent is not this one's

    LocalTransactionsIT(DevCluster cluster) {
        this.cluster = cluster;
        this.factories = new RealFactories(cluster);
        this.start = Judge.end(cluster, TOPIC);
    }

    @BeforeAll
    static void createTopic(DevCluster cluster) {
        Judge.assumeTransactions(cluster);
        cluster.createTopic(TOPIC, 1, 1, Map.of());
    }

    @AfterEach
    void closeFactories() {
        factories.close();
    }

    @Override
    DefaultProducerFactory<String, String> factory(TransactionSettings settings) {
        return factories.open(settings);
    }

    @Override
    List<String> committed() {
        return Judge.committed(cluster, TOPIC, start);
    }

    @Override
    String poison() {
        return RealFactories.POISON;
    }

    @Override
    @Nullable Long committedOffset(String group, TopicPartition partition) {
        return Judge.groupOffset(cluster, group, partition.topic());
    }
}
