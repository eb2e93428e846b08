package dev.millrace.samples.transactions.shop;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.stereotype.Component;

/** What the reference consumer sees if it reads committed records only. */
@Component
class CommittedRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private final ProducerConnectionDetails connection;

    CommittedRecords(ProducerConnectionDetails connection) {
        this.connection = connection;
    }

    /** Every committed value of a topic, as soon as no transaction is open in it. */
    List<String> values(String topic) {
        try (KafkaConsumer<String, String> all = consumer("read_uncommitted");
                KafkaConsumer<String, String> consumer = consumer("read_committed")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = all.endOffsets(partitions);
            List<String> values = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            boolean atEnd = false;
            while (!atEnd && System.nanoTime() - deadlineNanos < 0) {
                consumer.poll(POLL).forEach(record -> values.add(record.value()));
                atEnd = ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            }
            return values;
        }
    }

    private KafkaConsumer<String, String> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        connection.getBootstrapServers(),
                        "isolation.level",
                        isolation,
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
