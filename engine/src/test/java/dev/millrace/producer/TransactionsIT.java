package dev.millrace.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions as readers of committed records, groups and other producers see them, at a real broker. */
@WithDevCluster
@Timeout(120)
class TransactionsIT {

    private static final int PARTITIONS = 3;

    private static TransactionalProducer<String, String> open(DevCluster cluster, String id) {
        return Producers.builder(
                        Clients.config(cluster)
                                .transactionalId(id)
                                .linger(Duration.ofMillis(1))
                                .compression(Compression.LZ4)
                                .build(),
                        Serializers.string(),
                        Serializers.string())
                .openTransactional();
    }

    private static String newId() {
        return "txn-" + UUID.randomUUID();
    }

    private static List<CompletableFuture<RecordMetadata>> sendMany(
            TransactionalProducer<String, String> producer, String topic, String prefix, int count) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, prefix + i)));
        }
        return sent;
    }

    private static List<String> values(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Test
    @Tag("row-91")
    void readersSeeCommittedTransactionsOnly(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, PARTITIONS);
        try (TransactionalProducer<String, String> producer = open(cluster, newId())) {
            producer.init();
            assertThat(producer.state()).isEqualTo(TransactionState.READY);
            for (String round : List.of("a", "b", "c")) {
                producer.begin();
                List<CompletableFuture<RecordMetadata>> sent = sendMany(producer, topic, round, 100);
                producer.commit();
                assertThat(sent).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
                producer.begin();
                sendMany(producer, topic, "aborted-" + round, 100);
                producer.abort();
                producer.begin(); // nothing in it
                producer.commit();
            }
            assertThat(producer.close(Duration.ofSeconds(30)).undelivered()).isEmpty();
        }

        List<String> expected = new ArrayList<>();
        for (String round : List.of("a", "b", "c")) {
            expected.addAll(values(round, 100));
        }
        assertThat(Reference.readCommittedValues(cluster, topic)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    @Tag("row-96")
    void aRecordThatCannotBeSerializedCannotBeCommittedAround(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, PARTITIONS);
        TransactionalProducer<String, String> producer = Producers.<String, String>builder(
                        Clients.config(cluster).transactionalId(newId()).build(),
                        Serializers.string(),
                        (where, value) -> {
                            if (value.equals("bad")) {
                                throw new IllegalArgumentException("no bytes for it");
                            }
                            return value.getBytes(UTF_8);
                        })
                .openTransactional();
        try (producer) {
            producer.init();
            producer.begin();
            sendMany(producer, topic, "lost", 10);
            CompletableFuture<RecordMetadata> ignored = producer.send(new ProducerRecord<>(topic, "bad"));
            assertThat(producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
            assertThat(producer.send(new ProducerRecord<>(topic, "late"))).isCompletedExceptionally();
            TransactionFailedException failure =
                    catchThrowableOfType(TransactionFailedException.class, producer::commit);
            assertThat(failure).hasMessageContaining("cannot be serialized");
            assertThat(failure.outcome()).isInstanceOfSatisfying(TransactionOutcome.Aborted.class, aborted -> {
                assertThat(aborted.confirmed()).isTrue();
                assertThat(aborted.cause()).hasMessageContaining("no bytes for it");
            });
            assertThat(ignored).isCompletedExceptionally();

            producer.inTransaction(each -> sendMany(each, topic, "kept", 10));
        }
        assertThat(Reference.readCommittedValues(cluster, topic))
                .containsExactlyInAnyOrderElementsOf(values("kept", 10));
    }

    @Test
    @Tag("row-91")
    void offsetsBecomeTheGroupsWithTheCommitOnly(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, PARTITIONS);
        ConsumerGroupMetadata group = new ConsumerGroupMetadata("group-" + UUID.randomUUID());
        TopicPartition read = new TopicPartition(topic, 1);
        TopicPartition other = new TopicPartition(topic, 2);
        try (TransactionalProducer<String, String> producer = open(cluster, newId())) {
            producer.init();
            producer.begin();
            producer.sendOffsets(Map.of(read, new OffsetAndMetadata(7)), group);
            producer.commit();
            awaitCommitted(cluster, group, read, 7);

            producer.begin();
            sendMany(producer, topic, "x", 3);
            producer.sendOffsets(Map.of(read, new OffsetAndMetadata(9), other, new OffsetAndMetadata(9)), group);
            producer.abort();
            producer.begin();
            producer.sendOffsets(Map.of(other, new OffsetAndMetadata(3)), group);
            producer.commit();
            awaitCommitted(cluster, group, other, 3);
            awaitCommitted(cluster, group, read, 7);
        }
    }

    /** The coordinator says that a transaction is committed before the group's coordinator has heard of it. */
    private static void awaitCommitted(
            DevCluster cluster, ConsumerGroupMetadata group, TopicPartition where, long offset) {
        try (Admin admin = Reference.admin(cluster)) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets(group.groupId())
                                    .partitionsToOffsetAndMetadata()
                                    .get(30, TimeUnit.SECONDS))
                            .hasEntrySatisfying(
                                    new org.apache.kafka.common.TopicPartition(where.topic(), where.partition()),
                                    committed -> assertThat(committed.offset()).isEqualTo(offset)));
        }
    }

    @Test
    @Tag("row-105")
    void theLaterOfTwoProducersFencesTheEarlier(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, PARTITIONS);
        String id = newId();
        try (TransactionalProducer<String, String> first = open(cluster, id);
                TransactionalProducer<String, String> second = open(cluster, id)) {
            first.init();
            first.begin();
            sendMany(first, topic, "first", 10);
            first.flush();
            second.init();
            second.inTransaction(producer -> sendMany(producer, topic, "second", 10));

            TransactionFailedException failure = catchThrowableOfType(TransactionFailedException.class, first::commit);
            assertThat(failure.outcome()).isInstanceOf(TransactionOutcome.Fenced.class);
            assertThat(first.state()).isEqualTo(TransactionState.FAILED);
            assertThatThrownBy(first::begin).isInstanceOf(ProducerException.class);
            second.inTransaction(producer -> sendMany(producer, topic, "more", 10));
        }
        List<String> expected = new ArrayList<>(values("second", 10));
        expected.addAll(values("more", 10));
        assertThat(Reference.readCommittedValues(cluster, topic)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    @Tag("row-93")
    @Tag("T1")
    void aSendOutsideATransactionLeavesNothingBehind(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, PARTITIONS);
        try (TransactionalProducer<String, String> producer = open(cluster, newId())) {
            assertThatThrownBy(() -> sendMany(producer, topic, "early", 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call init, then begin");
            producer.init();
            assertThatThrownBy(() -> sendMany(producer, topic, "between", 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call begin");
            producer.inTransaction(each -> sendMany(each, topic, "kept", 6));
            CloseReport report = producer.close(Duration.ofSeconds(30));
            assertThat(report.submitted()).isEqualTo(6);
            assertThat(report.delivered()).isEqualTo(6);
        }
        assertThat(Reference.readValues(cluster, topic)).containsExactlyInAnyOrderElementsOf(values("kept", 6));
    }

    @Test
    @Tag("row-111")
    void closeAbortsWhatIsOpen(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, PARTITIONS);
        TransactionalProducer<String, String> producer = open(cluster, newId());
        producer.init();
        producer.begin();
        sendMany(producer, topic, "open", 10);
        producer.flush();
        CloseReport report = producer.close(Duration.ofSeconds(30));
        assertThat(report.delivered()).isEqualTo(10);
        assertThat(producer.state()).isEqualTo(TransactionState.CLOSED);
        try (TransactionalProducer<String, String> next = open(cluster, newId())) {
            next.init();
            next.inTransaction(each -> sendMany(each, topic, "next", 10));
        }
        assertThat(Reference.readCommittedValues(cluster, topic))
                .as("readers do not wait for the transaction that was open")
                .containsExactlyInAnyOrderElementsOf(values("next", 10));
    }
}
