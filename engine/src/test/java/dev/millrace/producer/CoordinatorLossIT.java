package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The coordinator dies while transactions are committed; row 100 has each request by itself. */
@WithDevCluster(nodes = 3, autoCreateTopics = false)
@Timeout(180)
class CoordinatorLossIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PER_TRANSACTION = 5;

    private final String id = "payments-" + UUID.randomUUID();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean enough;

    @BeforeEach
    void needsTransactions(DevCluster cluster) {
        CommittedReader.assumeTransactions(cluster);
    }

    @Test
    void commitsEveryTransactionOnceWhileItsCoordinatorDies(DevCluster cluster) throws Exception {
        String topic = Reference.newTopicName();
        cluster.createTopic(topic, 3, 3, Map.of("min.insync.replicas", "2"));
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        List<String> committed;
        try (TransactionalProducer<String, String> producer = Producers.builder(
                        config(cluster)
                                .transactionalId(id)
                                .requestTimeout(Duration.ofSeconds(5))
                                .build(),
                        Serializers.string(),
                        Serializers.string())
                .openTransactional()) {
            producer.init();
            Future<List<String>> sending = thread.submit(() -> commitUntilEnough(producer, topic));
            for (int kill = 0; kill < 2; kill++) {
                awaitMore(sending, 20);
                int node = CommittedReader.coordinator(cluster, id);
                cluster.kill(node);
                awaitMore(sending, 20);
                cluster.start(node);
                cluster.awaitReady(LIMIT);
            }
            enough = true;
            committed = sending.get(60, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }

        assertThat(CommittedReader.readValues(cluster, topic)).containsExactlyInAnyOrderElementsOf(committed);
    }

    /** The values of the transactions that were reported as committed; every one of them has to be. */
    private List<String> commitUntilEnough(TransactionalProducer<String, String> producer, String topic) {
        List<String> committed = new ArrayList<>();
        for (int number = 0; !enough; number++) {
            List<String> values = new ArrayList<>();
            producer.begin();
            for (int i = 0; i < PER_TRANSACTION; i++) {
                String value = number + "-" + i;
                CompletableFuture<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, value));
                values.add(value);
            }
            producer.commit();
            committed.addAll(values);
            ended.incrementAndGet();
        }
        return committed;
    }

    private void awaitMore(Future<?> sending, int transactions) {
        int goal = ended.get() + transactions;
        Awaitility.await().atMost(LIMIT).until(() -> sending.isDone() || ended.get() >= goal);
    }
}
