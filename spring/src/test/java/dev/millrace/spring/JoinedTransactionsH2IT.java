package dev.millrace.spring;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Transactions joined to those of H2, on a real broker. */
@WithDevCluster(autoCreateTopics = false, dedicated = true)
@Timeout(120)
class JoinedTransactionsH2IT extends JoinedTransactionsWithDatabase {

    private final RealFactories factories;
    private final DevCluster cluster;

    JoinedTransactionsH2IT(DevCluster cluster) throws IOException {
        super(TestDatabase.H2.open());
        this.cluster = cluster;
        this.factories = new RealFactories(cluster);
    }

    @BeforeEach
    void createTopic() {
        Judge.assumeTransactions(cluster);
        cluster.createTopic(TOPIC, 1, 1, Map.of());
    }

    @AfterEach
    void deleteTopic() {
        factories.close();
        cluster.deleteTopic(TOPIC);
    }

    @Override
    DefaultProducerFactory<String, String> factory(TransactionSettings settings) {
        return factories.open(settings);
    }

    @Override
    List<String> committed() {
        return Judge.committed(cluster, TOPIC);
    }

    @Override
    String poison() {
        return RealFactories.POISON;
    }
}
