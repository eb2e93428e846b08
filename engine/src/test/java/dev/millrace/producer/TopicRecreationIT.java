package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.serialization.Serializers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic is deleted and made anew while records flow into it (KAFKA-12257, KAFKA-13488, franz-go #1364). */
@WithDevCluster(nodes = 1, autoCreateTopics = false)
@Timeout(180)
class TopicRecreationIT {

    private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>(); // the sender's until it ends
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean stopped;

    @Test
    @Tag("row-21")
    void recordsGoOnInTheNewTopicOnceAndInOrder(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<Integer, Integer> producer = Producers.open(
                config(cluster).requestTimeout(Duration.ofSeconds(5)).build(),
                Serializers.integers(),
                Serializers.integers())) {
            Thread sender = new Thread(() -> sendAll(producer, topic), "sender");
            sender.start();
            awaitMore(500);
            for (int round = 0; round < 2; round++) {
                cluster.deleteTopic(topic);
                cluster.createTopic(topic, 1, 1, Map.of());
                awaitMore(500);
            }
            int sentToTheLastOne = sent.get();
            awaitMore(500);
            stopped = true;
            sender.join(TimeUnit.SECONDS.toMillis(30));

            for (CompletableFuture<RecordMetadata> future : futures) {
                assertThat(future.get(120, TimeUnit.SECONDS).hasOffset()).isTrue();
            }
            List<Integer> log = Reference.readAll(cluster, topic).stream()
                    .map(record -> ByteBuffer.wrap(record.value()).getInt())
                    .toList();
            assertThat(log)
                    .as("no record twice, none before an earlier one")
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(log).endsWith(futures.size() - 1);
            for (int number = sentToTheLastOne; number < futures.size(); number++) {
                assertThat(log.get(Math.toIntExact(futures.get(number).join().offset())))
                        .isEqualTo(number);
            }
            assertThat(log).as("the new topic has no gap").hasSize(futures.size() - log.get(0));
        }
    }

    private void sendAll(Producer<Integer, Integer> producer, String topic) {
        for (int number = 0; !stopped; number++) {
            futures.add(producer.send(new ProducerRecord<>(topic, 0, number, number), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.incrementAndGet();
                }
            }));
            sent.set(number + 1);
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private void awaitMore(int records) {
        int goal = acknowledged.get() + records;
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> acknowledged.get() >= goal);
    }
}
