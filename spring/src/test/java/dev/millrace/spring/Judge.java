package dev.millrace.spring;

import dev.millrace.devbroker.DevCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The reference consumer, which reads committed records only. */
final class Judge {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Judge() {}

    /** Ends the test where brokers are too old for this producer's transactions. */
    static void assumeTransactions(DevCluster cluster) {
        Assumptions.assumeFalse(
                cluster.release().matches("2\\.[0-4]\\..*"), "transactions need brokers from 2.5 on (KIP-360)");
    }

    /** The committed values of a topic's only partition, once no transaction is open in it. */
    static List<String> committed(DevCluster cluster, String topic) {
        return committed(cluster, topic, 0);
    }

    /** As {@link #committed(DevCluster, String)}, from an offset on. */
    static List<String> committed(DevCluster cluster, String topic, long start) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> all = consumer(cluster, "read_uncommitted");
                KafkaConsumer<String, String> consumer = consumer(cluster, "read_committed")) {
            long end = all.endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
            consumer.assign(List.of(partition));
            consumer.seek(partition, start);
            List<String> values = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new AssertionError("a transaction hides what is behind " + consumer.position(partition)
                            + " of " + end + " in " + topic + "; read " + values);
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    /** The offset of the next record of a topic's only partition. */
    static long end(DevCluster cluster, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(cluster, "read_uncommitted")) {
            return consumer.endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
        }
    }

    /** The offset a group has, as soon as no transaction is about to change it; null for none. */
    static @Nullable Long groupOffset(DevCluster cluster, String group, String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            var offset = admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .get(new TopicPartition(topic, 0));
            return offset == null ? null : offset.offset();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the offsets of " + group + " cannot be read", e);
        }
    }

    private static KafkaConsumer<String, String> consumer(DevCluster cluster, String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "isolation.level",
                        isolation,
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
