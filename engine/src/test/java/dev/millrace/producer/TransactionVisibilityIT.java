package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What readers of committed records see of transactions that end in one way or another. */
@WithDevCluster(autoCreateTopics = false)
@Timeout(120)
class TransactionVisibilityIT {

    private final String id = "shop-" + UUID.randomUUID();

    @BeforeEach
    void needsTransactions(DevCluster cluster) {
        CommittedReader.assumeTransactions(cluster);
    }

    @Test
    @Tag("row-91")
    void showsCommittedTransactionsAndNoAbortedOnes(DevCluster cluster) {
        String first = Reference.newTopic(cluster, 3);
        String second = Reference.newTopic(cluster, 2);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            for (int i = 0; i < 20; i++) {
                producer.begin();
                send(producer, first, "order-" + i);
                send(producer, second, "payment-" + i);
                if (i % 3 == 0) {
                    producer.abort();
                } else {
                    producer.commit();
                }
            }
        }

        List<Integer> committed =
                IntStream.range(0, 20).filter(i -> i % 3 != 0).boxed().toList();
        assertThat(CommittedReader.readValues(cluster, first))
                .containsExactlyInAnyOrderElementsOf(
                        committed.stream().map(i -> "order-" + i).toList());
        assertThat(CommittedReader.readValues(cluster, second))
                .containsExactlyInAnyOrderElementsOf(
                        committed.stream().map(i -> "payment-" + i).toList());
    }

    @Test
    @Tag("row-91")
    void showsNothingOfATransactionThatIsOpen(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            get(producer.send(new ProducerRecord<>(topic, "open")));

            assertThat(CommittedReader.isOpen(cluster, topic)).isTrue();
            producer.commit();
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("open");
    }

    @Test
    @Tag("row-91")
    void endsEmptyTransactionsWithoutATrace(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            producer.commit();
            producer.begin();
            producer.abort();
            producer.begin();
            send(producer, topic, "value");
            producer.commit();
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("value");
    }

    @Test
    @Tag("row-91")
    void commitsOffsetsAndNothingElse(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 2);
        String group = "group-" + UUID.randomUUID();
        TopicPartition partition = new TopicPartition(topic, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            producer.sendOffsets(
                    Map.of(partition, new OffsetAndMetadata(7, null, "mine")), new ConsumerGroupMetadata(group));
            producer.commit();
            producer.begin();
            producer.sendOffsets(Map.of(partition, new OffsetAndMetadata(9)), new ConsumerGroupMetadata(group));
            producer.abort();
        }
        assertThat(groupOffset(cluster, group, partition)).isEqualTo(7);
    }

    @Test
    @Tag("row-91")
    void movesRecordsAndProgressTogether(DevCluster cluster) throws Exception {
        String source = Reference.newTopic(cluster, 1);
        String target = Reference.newTopic(cluster, 1);
        String group = "group-" + UUID.randomUUID();
        try (TransactionalProducer<String, String> producer = open(cluster);
                KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, group)) {
            producer.inTransaction(each -> {
                for (String value : Clients.values(10)) {
                    send(each, source, value);
                }
                return "sent";
            });
            consumer.subscribe(List.of(source));
            int moved = 0;
            while (moved < 10) {
                var batch = consumer.poll(Duration.ofMillis(200));
                if (!batch.isEmpty()) {
                    producer.begin();
                    batch.forEach(record -> send(producer, target, new String(record.value(), UTF_8)));
                    producer.sendOffsets(
                            Map.of(
                                    new TopicPartition(source, 0),
                                    new OffsetAndMetadata(
                                            consumer.position(new org.apache.kafka.common.TopicPartition(source, 0)))),
                            metadata(consumer));
                    producer.commit();
                    moved += batch.count();
                }
            }
        }

        assertThat(CommittedReader.readValues(cluster, target)).isEqualTo(Clients.values(10));
        assertThat(groupOffset(cluster, group, new TopicPartition(source, 0))).isGreaterThanOrEqualTo(10);
    }

    @Test
    void refusesTheProgressOfAConsumerThatLostItsPartitions(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        String group = "group-" + UUID.randomUUID();
        TopicPartition partition = new TopicPartition(topic, 0);
        ConsumerGroupMetadata zombie;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, group)) {
            join(consumer, topic);
            zombie = metadata(consumer);
        }
        try (TransactionalProducer<String, String> producer = open(cluster);
                KafkaConsumer<byte[], byte[]> successor = consumer(cluster, group)) {
            join(successor, topic);
            producer.init();
            producer.begin();
            send(producer, topic, "by the zombie");
            Map<TopicPartition, OffsetAndMetadata> progress = Map.of(partition, new OffsetAndMetadata(5));

            assertThatThrownBy(() -> producer.sendOffsets(progress, zombie))
                    .isInstanceOfSatisfying(ProducerException.class, failure -> assertThat(failure.errorCode())
                            .isIn(ErrorCode.ILLEGAL_GENERATION, ErrorCode.UNKNOWN_MEMBER_ID));
            assertThat(producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
            assertThatThrownBy(producer::commit)
                    .isInstanceOfSatisfying(TransactionFailedException.class, failure -> assertThat(failure.outcome())
                            .isInstanceOf(TransactionOutcome.Aborted.class));

            producer.begin();
            send(producer, topic, "by the successor");
            producer.sendOffsets(progress, metadata(successor));
            producer.commit();
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("by the successor");
        assertThat(groupOffset(cluster, group, partition)).isEqualTo(5);
    }

    @Test
    @Tag("row-105")
    void fencesTheProducerThatWasReplaced(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> zombie = open(cluster);
                TransactionalProducer<String, String> successor = open(cluster)) {
            zombie.init();
            zombie.begin();
            get(zombie.send(new ProducerRecord<>(topic, "by the zombie")));
            successor.init();
            successor.begin();
            send(successor, topic, "by the successor");
            successor.commit();

            assertThatThrownBy(zombie::commit)
                    .isInstanceOfSatisfying(TransactionFailedException.class, failure -> assertThat(failure.outcome())
                            .isInstanceOf(TransactionOutcome.Fenced.class));
            assertThat(zombie.state()).isEqualTo(TransactionState.FAILED);
            assertThatThrownBy(zombie::begin).isInstanceOf(ProducerException.class);

            successor.begin();
            send(successor, topic, "and again");
            successor.commit();
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("by the successor", "and again");
    }

    @Test
    @Tag("row-105")
    void fencesAReplacedProducerThatSendsItsFirstRecord(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> zombie = open(cluster);
                TransactionalProducer<String, String> successor = open(cluster)) {
            zombie.init();
            successor.init();
            zombie.begin();
            CompletableFuture<RecordMetadata> late = zombie.send(new ProducerRecord<>(topic, "late"));

            TransactionOutcome outcome = zombie.commitAsync().join();

            assertThat(outcome).isInstanceOf(TransactionOutcome.Fenced.class);
            assertThat(late).isCompletedExceptionally();
            assertThat(zombie.state()).isEqualTo(TransactionState.FAILED);
            assertThat(successor.state()).isEqualTo(TransactionState.READY);
        }
        assertThat(CommittedReader.readValues(cluster, topic)).isEmpty();
    }

    private TransactionalProducer<String, String> open(DevCluster cluster) {
        ProducerConfig config = config(cluster).transactionalId(id).build();
        return Producers.builder(config, Serializers.string(), Serializers.string())
                .openTransactional();
    }

    private static void send(TransactionalProducer<String, String> producer, String topic, String value) {
        CompletableFuture<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, value));
    }

    private static void join(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        consumer.subscribe(List.of(topic));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
    }

    private static ConsumerGroupMetadata metadata(KafkaConsumer<byte[], byte[]> consumer) {
        var metadata = consumer.groupMetadata();
        return new ConsumerGroupMetadata(
                metadata.groupId(),
                metadata.generationId(),
                metadata.memberId(),
                metadata.groupInstanceId().orElse(null));
    }

    private static Long groupOffset(DevCluster cluster, String group, TopicPartition partition) throws Exception {
        Long offset = CommittedReader.groupOffset(
                cluster, group, new org.apache.kafka.common.TopicPartition(partition.topic(), partition.partition()));
        assertThat(offset).as("offset of " + group).isNotNull();
        return requireNonNull(offset);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(DevCluster cluster, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
