package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openBytes;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.Clients.submit;
import static dev.millrace.producer.Clients.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One broker that dies, hangs, comes late: what was accepted arrives once and in order, or is reported. */
@WithDevCluster(dedicated = true, autoCreateTopics = false)
@Timeout(120)
class BrokerFaultsIT {

    @BeforeEach
    void wholeCluster(DevCluster cluster) {
        cluster.start(); // what a failed test left dead
    }

    @Test
    @Tag("row-74")
    void losesAndDoublesNothingWhenTheBrokerIsKilled(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 2);
        try (Producer<Integer, Integer> producer = open(cluster)) {
            SteadyLoad load = SteadyLoad.on(producer, topic);
            cluster.kill(1);
            cluster.start(1);
            load.awaitMore(500);
            load.stopAndJudge(cluster);
        }
    }

    @Test
    @Tag("row-74")
    void losesAndDoublesNothingWhenTheBrokerHangs(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 2);
        try (Producer<Integer, Integer> producer = open(cluster)) {
            SteadyLoad load = SteadyLoad.on(producer, topic);
            long begun = System.nanoTime();
            cluster.pause(1);
            // longer than the request timeout: requests are given up, but the broker has them
            await().atMost(10, TimeUnit.SECONDS).until(() -> System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(3));
            cluster.resume(1);
            load.awaitMore(500);
            load.stopAndJudge(cluster);
        }
    }

    @Test
    @Tag("row-111")
    void reportsWhatItCouldNotDeliverDuringAnOutage(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = openText(config(cluster));
        get(producer.send(new ProducerRecord<>(topic, "before")));
        cluster.kill(1);
        List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
        values(100).forEach(value -> futures.add(producer.send(new ProducerRecord<>(topic, value))));
        long begun = System.nanoTime();
        CloseReport report = producer.close(Duration.ofSeconds(2));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(report.submitted()).isEqualTo(101);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(100);
        assertThat(report.undelivered())
                .extracting(record -> new String(Objects.requireNonNull(record.value()), UTF_8))
                .isEqualTo(values(100));
        assertThat(futures).allSatisfy(future -> assertThat(future)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withCauseExactlyInstanceOf(ProducerClosedException.class));
    }

    @Test
    @Tag("row-42")
    void endsTheWaitForBufferMemory(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster)
                .maxBlock(Duration.ofSeconds(2))
                .maxRequestSize(16_384)
                .batchSize(16_384)
                .bufferMemory(16_384))) {
            get(producer.send(new ProducerRecord<>(topic, new byte[1])));
            cluster.kill(1);
            submit(producer, new ProducerRecord<>(topic, new byte[12_000]));

            assertThat(producer.send(new ProducerRecord<>(topic, new byte[12_000])))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(BufferExhaustedException.class, failure -> {
                        assertThat(failure.stage()).isEqualTo(Stage.BUFFER);
                        Fault.BUFFER_EXHAUSTED.isToldBy(failure);
                    });
            producer.close(Duration.ZERO);
        }
    }

    @Test
    void keepsRecordsUntilTheBrokerIsThere(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        cluster.kill(1);
        try (Producer<String, String> producer = openText(config(cluster))) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            values(1_000).forEach(value -> futures.add(producer.send(new ProducerRecord<>(topic, value))));
            assertThat(futures).noneMatch(CompletableFuture::isDone);
            cluster.start(1);
            for (int i = 0; i < futures.size(); i++) {
                assertThat(get(futures.get(i)).offset()).isEqualTo(i);
            }
        }

        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(1_000));
    }

    @Test
    void keepsRecordsUntilTheTopicIsThere(DevCluster cluster) throws Exception {
        String topic = Reference.newTopicName();
        try (Producer<String, String> producer = openText(config(cluster))) {
            get(producer.send(new ProducerRecord<>(Reference.newTopic(cluster, 1), "warm-up")));
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            values(1_000).forEach(value -> futures.add(producer.send(new ProducerRecord<>(topic, value))));
            assertThat(futures).noneMatch(CompletableFuture::isDone);
            cluster.createTopic(topic, 1, 1, Map.of());
            for (int i = 0; i < futures.size(); i++) {
                assertThat(get(futures.get(i)).offset()).isEqualTo(i);
            }
        }

        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(1_000));
    }

    private static Producer<Integer, Integer> open(DevCluster cluster) {
        return Producers.open(
                config(cluster).requestTimeout(Duration.ofSeconds(1)).build(),
                Serializers.integers(),
                Serializers.integers());
    }
}
