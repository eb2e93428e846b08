package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions that take longer than their coordinator allows, and ids that it has forgotten, on a real broker. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@WithDevCluster(
        autoCreateTopics = false,
        settings = {
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=200",
            "transactional.id.expiration.ms=3000",
            "transaction.remove.expired.transaction.cleanup.interval.ms=300"
        })
@Timeout(120)
class SlowTransactionsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String prefix = "slow-" + UUID.randomUUID() + "-";
    private final String topic = "topic-" + UUID.randomUUID();
    private final RealFactories factories;
    private final DevCluster cluster;

    SlowTransactionsIT(DevCluster cluster) {
        this.cluster = cluster;
        this.factories = new RealFactories(cluster);
    }

    @BeforeEach
    void topic() {
        Judge.assumeTransactions(cluster);
        cluster.createTopic(topic, 1, 1, Map.of());
    }

    @AfterEach
    void close() {
        factories.close();
    }

    @Test
    void oneThatTookTooLongSaysSoAndTheNextOneWorks() {
        DefaultProducerFactory<String, String> factory = open(Duration.ofSeconds(2));
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        ProducerOperationException failure = catchThrowableOfType(
                ProducerOperationException.class,
                () -> template.executeInTransaction(operations -> {
                    operations.send(topic, "slow").join();
                    return Judge.committed(cluster, topic); // once the coordinator has aborted it
                }));

        assertThat(failure).hasMessageContaining("app.producer.transaction.timeout of 2000 ms");
        assertThat(factory.getTransactionalProducers().state().inUse()).isZero();
        template.executeInTransaction(operations -> operations.send(topic, "quick"));
        assertThat(Judge.committed(cluster, topic)).containsExactly("quick");
        assertThat(factory.getTransactionalProducers().state().idle()).isEqualTo(1);
    }

    @Test
    void idThatTheClusterHasForgottenIsReplacedUnnoticed() {
        Assumptions.assumeFalse(
                cluster.release().startsWith("2."), "brokers list their transactions from 3.0 on (KIP-664)");
        ProducerTemplate<String, String> template = new ProducerTemplate<>(open(LIMIT));
        template.executeInTransaction(operations -> operations.send(topic, "first"));
        awaitForgotten();
        template.executeInTransaction(operations -> operations.send(topic, "second"));

        assertThat(Judge.committed(cluster, topic)).containsExactly("first", "second");
    }

    private void awaitForgotten() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            Awaitility.await().atMost(LIMIT).until(() -> admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .noneMatch(id -> id.startsWith(prefix)));
        }
    }

    private DefaultProducerFactory<String, String> open(Duration transactionTimeout) {
        return factories.open(
                TransactionSettings.builder(prefix).timeout(transactionTimeout).build());
    }
}
