package dev.millrace.producer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.devbroker.DevCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Assumptions;

/** The reference clients, which judge what the producer has done to a cluster. */
final class Reference {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Reference() {}

    /** A topic no other test uses, with one replica. */
    static String newTopic(DevCluster cluster, int partitions) {
        return newTopic(cluster, partitions, Map.of());
    }

    static String newTopic(DevCluster cluster, int partitions, Map<String, String> configs) {
        String topic = newTopicName();
        cluster.createTopic(topic, partitions, 1, configs);
        return topic;
    }

    static String newTopicName() {
        return "topic-" + UUID.randomUUID();
    }

    /** Everything in a topic, each partition in the order of its log. */
    static List<ConsumerRecord<byte[], byte[]>> readAll(DevCluster cluster, String topic) {
        return readAll(cluster, topic, "read_uncommitted");
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(DevCluster cluster, String topic, String isolation) {
        Map<String, Object> settings = Map.of(
                "isolation.level",
                isolation,
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "allow.auto.create.topics",
                false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, LIMIT).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
            consumer.assign(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new AssertionError("topic not read to its end: topic=" + topic + " got=" + records.size()
                            + " records ends=" + ends);
                }
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** The values of a topic as text, each partition in the order of its log. */
    static List<String> readValues(DevCluster cluster, String topic) {
        return readAll(cluster, topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** The values a reader of committed records sees up to the first transaction that is open. */
    static List<String> readCommittedValues(DevCluster cluster, String topic) {
        return readAll(cluster, topic, "read_committed").stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    static KafkaProducer<byte[], byte[]> producer(DevCluster cluster) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static Admin admin(DevCluster cluster) {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    }

    /** The idempotent producers the broker remembers for a partition. */
    static List<ProducerState> activeProducers(DevCluster cluster, String topic, int partition) throws Exception {
        TopicPartition where = new TopicPartition(topic, partition);
        try (Admin admin = admin(cluster)) {
            return admin.describeProducers(List.of(where))
                    .partitionResult(where)
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .activeProducers();
        } catch (ExecutionException e) {
            boolean cannotTell = e.getCause() instanceof UnsupportedVersionException;
            Assumptions.assumeFalse(
                    cannotTell && cluster.release().startsWith("2."),
                    "brokers tell their producers from 2.8 on (KIP-664)");
            throw e;
        }
    }
}
