package dev.millrace.producer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.devbroker.DevCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** What transactions left behind, as the reference consumer sees it when it reads committed records only. */
final class CommittedReader {

    private static final String TRANSACTION_LOG = "__transaction_state";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private CommittedReader() {}

    /** Ends the test where brokers are too old for this producer's transactions. */
    static void assumeTransactions(DevCluster cluster) {
        Assumptions.assumeFalse(
                cluster.release().matches("2\\.[0-4]\\..*"), "transactions need brokers from 2.5 on (KIP-360)");
    }

    /** The committed values of a topic as text, once no transaction is open in it; each partition in the order of its log. */
    static List<String> readValues(DevCluster cluster, String topic) {
        awaitNothingOpen(cluster, topic);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, "read_committed")) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> values = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new AssertionError("topic not read to its end: topic=" + topic + " got=" + values.size());
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(new String(record.value(), UTF_8)));
            }
            return values;
        }
    }

    /** Waits until readers of committed records get to the end of every partition: no transaction hangs. */
    static void awaitNothingOpen(DevCluster cluster, String topic) {
        Awaitility.await().atMost(LIMIT).until(() -> !isOpen(cluster, topic));
    }

    /** Whether a transaction is open in the topic: its last stable offset is not its end. */
    static boolean isOpen(DevCluster cluster, String topic) {
        return !ends(cluster, topic, "read_uncommitted").equals(ends(cluster, topic, "read_committed"));
    }

    /** The offset a group has for a partition, as soon as no transaction is about to change it; null for none. */
    static @Nullable Long groupOffset(DevCluster cluster, String group, TopicPartition partition) throws Exception {
        try (Admin admin = Reference.admin(cluster)) {
            var offset = admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .get(partition);
            return offset == null ? null : offset.offset();
        }
    }

    /** The node that coordinates the transactions of an id; -1 while there is none. */
    static int coordinator(DevCluster cluster, String transactionalId) throws Exception {
        try (Admin admin = Reference.admin(cluster)) {
            TopicDescription log = Objects.requireNonNull(admin.describeTopics(List.of(TRANSACTION_LOG))
                            .topicNameValues()
                            .get(TRANSACTION_LOG))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            List<TopicPartitionInfo> partitions = log.partitions();
            Node leader = partitions
                    .get((transactionalId.hashCode() & Integer.MAX_VALUE) % partitions.size())
                    .leader();
            return leader == null ? -1 : leader.id();
        }
    }

    private static Map<TopicPartition, Long> ends(DevCluster cluster, String topic, String isolation) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(cluster, isolation)) {
            Collection<TopicPartition> partitions = partitions(consumer, topic);
            return consumer.endOffsets(partitions, LIMIT);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic, LIMIT).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(DevCluster cluster, String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "isolation.level",
                        isolation,
                        "enable.auto.commit",
                        false,
                        "allow.auto.create.topics",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
