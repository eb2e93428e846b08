package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.Clients.submit;
import static dev.millrace.producer.Clients.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.PartitionerType;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where records are in the end, as the reference consumer finds them. */
@WithDevCluster
@Timeout(60)
class PartitionersIT {

    @Test
    void roundRobinIsEvenFromTheFirstRecordOn(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 4);
        try (Producer<String, String> producer = openText(config(cluster).partitioner(PartitionerType.ROUND_ROBIN))) {
            for (String value : values(40)) {
                submit(producer, new ProducerRecord<>(topic, "same key", value));
            }
        }

        Map<Integer, List<String>> found = valuesByPartition(cluster, topic);
        assertThat(found).hasSize(4);
        for (int partition = 0; partition < 4; partition++) {
            int first = partition;
            List<String> everyFourth = values(40).stream()
                    .filter(value -> Integer.parseInt(value.substring("value-".length())) % 4 == first)
                    .toList();
            assertThat(found.get(partition)).isEqualTo(everyFourth);
        }
    }

    @Test
    void keysAreWhereLibrdkafkaPutsThem(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 7);
        try (Producer<String, String> producer =
                openText(config(cluster).partitioner(PartitionerType.CONSISTENT_RANDOM))) {
            for (String key : values(50)) {
                submit(producer, new ProducerRecord<>(topic, key, "value"));
            }
        }

        assertThat(Reference.readAll(cluster, topic)).hasSize(50).allSatisfy(record -> {
            CRC32 crc = new CRC32();
            crc.update(record.key());
            assertThat(record.partition()).isEqualTo((int) (crc.getValue() % 7));
        });
    }

    /** The first records come before the topic is known; the cluster has yet to make it. */
    @Test
    void thePartitionerOfTheUserChoosesAlsoForATopicThatIsMadeByTheFirstRecord(DevCluster cluster) throws Exception {
        String topic = Reference.newTopicName();
        Partitioner<Object, String> last = (record, partitions) -> partitions.partitionCount() - 1;
        List<String> expected = values(200);
        try (Producer<String, String> producer = Producers.builder(
                        config(cluster).build(), Serializers.string(), Serializers.string())
                .partitioner(last)
                .open()) {
            CompletableFuture<RecordMetadata> newest = CompletableFuture.failedFuture(new AssertionError("none sent"));
            for (String value : expected) {
                newest = producer.send(new ProducerRecord<>(topic, value));
            }
            get(newest);
        }

        assertThat(Reference.readValues(cluster, topic)).isEqualTo(expected);
    }

    @Test
    void aPartitionerThatBlocksHoldsUpItsCallerOnly(DevCluster cluster) throws Exception {
        String blocked = Reference.newTopic(cluster, 1);
        String free = Reference.newTopic(cluster, 1);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Partitioner<Object, String> blocking = (record, partitions) -> {
            if (record.topic().equals(blocked)) {
                entered.countDown();
                awaitReleased(release);
            }
            return 0;
        };
        try (Producer<String, String> producer = Producers.builder(
                        config(cluster).build(), Serializers.string(), Serializers.string())
                .partitioner(blocking)
                .open()) {
            get(producer.partitionsFor(blocked));
            CompletableFuture<RecordMetadata> held = new CompletableFuture<>();
            Thread caller = new Thread(() -> submit(
                    producer, new ProducerRecord<>(blocked, "held"), (metadata, failure) -> held.complete(metadata)));
            caller.start();
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            get(producer.partitionsFor(free));
            for (String value : values(20)) {
                get(producer.send(new ProducerRecord<>(free, value)));
            }
            assertThat(held).isNotDone();
            release.countDown();
            assertThat(get(held).partition()).isZero();
        }
    }

    private static void awaitReleased(CountDownLatch release) {
        try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<Integer, List<String>> valuesByPartition(DevCluster cluster, String topic) {
        return Reference.readAll(cluster, topic).stream()
                .collect(groupingBy(
                        ConsumerRecord::partition, mapping(record -> new String(record.value(), UTF_8), toList())));
    }
}
