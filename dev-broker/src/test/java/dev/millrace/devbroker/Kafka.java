package dev.millrace.devbroker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The reference clients, to write to a cluster and to read back. */
final class Kafka {
    private Kafka() {}

    static void produce(DevCluster cluster, String topic, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(cluster)) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
            }
        }
    }

    static KafkaProducer<String, String> producer(DevCluster cluster) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "retry.backoff.ms",
                        50,
                        "delivery.timeout.ms",
                        40_000),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Everything in a topic, in no particular order between partitions. */
    static List<String> readAll(DevCluster cluster, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            List<String> values = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!partitions.stream()
                    .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L))) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new AssertionError("topic not read to its end: topic=" + topic + " got=" + values);
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    static String[] values(int count) {
        return IntStream.range(0, count).mapToObj(i -> "value-" + i).toArray(String[]::new);
    }

    static String newTopic() {
        return "topic-" + UUID.randomUUID();
    }
}
