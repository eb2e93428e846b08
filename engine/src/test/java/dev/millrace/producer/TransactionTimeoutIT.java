package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clocks of the coordinator: it ends transactions that take too long, and forgets ids that nobody uses. */
@WithDevCluster(
        autoCreateTopics = false,
        settings = {
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=200",
            "transactional.id.expiration.ms=3000",
            "transaction.remove.expired.transaction.cleanup.interval.ms=300"
        })
@Timeout(120)
class TransactionTimeoutIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String id = "slow-" + UUID.randomUUID();

    @BeforeEach
    void needsTransactions(DevCluster cluster) {
        CommittedReader.assumeTransactions(cluster);
    }

    @Test
    @Tag("row-106")
    void tellsThatATransactionTookTooLongAndReadersGoOn(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            get(producer.send(new ProducerRecord<>(topic, "slow")));
            assertThat(CommittedReader.isOpen(cluster, topic)).isTrue();
            CommittedReader.awaitNothingOpen(cluster, topic);

            assertNotCommitted(cluster, get(producer.commitAsync()));
            assertGoesOn(cluster, producer, topic);
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("quick");
    }

    @Test
    @Tag("row-106")
    void doesNotCommitAroundARecordOfATransactionThatTookTooLong(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            get(producer.send(new ProducerRecord<>(topic, "early")));
            CommittedReader.awaitNothingOpen(cluster, topic);
            var late = producer.send(new ProducerRecord<>(topic, "late"));

            assertNotCommitted(cluster, get(producer.commitAsync()));
            assertThat(late).isCompletedExceptionally();
            assertGoesOn(cluster, producer, topic);
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("quick");
    }

    /** Before transaction version 2 a coordinator that aborts by itself forgets the epoch, as if another producer had come. */
    private static void assertNotCommitted(DevCluster cluster, TransactionOutcome outcome) {
        if (hasVersion2(cluster)) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(TransactionOutcome.Aborted.class, aborted -> assertThat(aborted.cause())
                            .isNotNull());
        } else {
            assertThat(outcome)
                    .isInstanceOfSatisfying(TransactionOutcome.Fenced.class, fenced -> assertThat(fenced.cause())
                            .hasMessageContaining("probably because its transaction took too long")
                            .hasMessageContaining("(transaction.timeout.ms)=1000 ms"));
        }
    }

    private void assertGoesOn(DevCluster cluster, TransactionalProducer<String, String> producer, String topic)
            throws Exception {
        if (producer.state() == TransactionState.FAILED && !hasVersion2(cluster)) {
            try (TransactionalProducer<String, String> next = open(cluster)) {
                next.init();
                assertThat(isCommitted(next, topic, "quick")).isTrue();
            }
        } else {
            assertThat(isCommitted(producer, topic, "quick")).isTrue();
        }
    }

    private static boolean hasVersion2(DevCluster cluster) {
        return !cluster.release().matches("[23]\\..*");
    }

    @Test
    void goesOnWithANewIdentityWhereItsOwnWasForgotten(DevCluster cluster) throws Exception {
        Assumptions.assumeFalse(
                cluster.release().startsWith("2."), "brokers list their transactions from 3.0 on (KIP-664)");
        String topic = Reference.newTopic(cluster, 3);
        try (TransactionalProducer<String, String> producer = open(cluster, LIMIT)) {
            producer.init();
            for (String value : List.of("first", "second", "third")) {
                producer.begin();
                for (int partition = 0; partition < 3; partition++) {
                    CompletableFuture<RecordMetadata> unused =
                            producer.send(new ProducerRecord<>(topic, partition, null, value));
                }
                CompletableFuture<Void> unused = producer.sendOffsetsAsync(
                        Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)),
                        new ConsumerGroupMetadata("group-of-" + id));
                assertThat(get(producer.commitAsync())).as(value).isInstanceOf(TransactionOutcome.Committed.class);
                awaitForgotten(cluster);
            }
        }
        assertThat(CommittedReader.readValues(cluster, topic))
                .containsExactlyInAnyOrder(
                        "first", "first", "first", "second", "second", "second", "third", "third", "third");
    }

    private static boolean isCommitted(TransactionalProducer<String, String> producer, String topic, String value)
            throws Exception {
        producer.begin();
        CompletableFuture<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, value));
        return get(producer.commitAsync()) instanceof TransactionOutcome.Committed;
    }

    private void awaitForgotten(DevCluster cluster) {
        try (Admin admin = Reference.admin(cluster)) {
            Awaitility.await().atMost(LIMIT).until(() -> !ids(admin).contains(id));
        }
    }

    private static List<String> ids(Admin admin) throws Exception {
        return admin.listTransactions().all().get(LIMIT.toSeconds(), TimeUnit.SECONDS).stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }

    private TransactionalProducer<String, String> open(DevCluster cluster) {
        return open(cluster, Duration.ofSeconds(1));
    }

    private TransactionalProducer<String, String> open(DevCluster cluster, Duration transactionTimeout) {
        return Producers.builder(
                        config(cluster)
                                .transactionalId(id)
                                .transactionTimeout(transactionTimeout)
                                .build(),
                        Serializers.string(),
                        Serializers.string())
                .openTransactional();
    }
}
