package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.errors.BufferExhaustedException;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A small buffer, a broker that pauses, and callers that do not wait. */
@WithDevCluster(dedicated = true, autoCreateTopics = false)
@Timeout(120)
class FlowControlIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BUFFER = 256 * 1024;

    @BeforeEach
    void wholeCluster(DevCluster cluster) {
        cluster.start(); // what a failed test left dead
    }

    private static Producer<String, String> open(DevCluster cluster) {
        return openText(
                config(cluster).bufferMemory(BUFFER).maxRequestSize(64 * 1024).linger(Duration.ofMillis(2)));
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(i -> "%06d".formatted(i)).toList();
    }

    @Test
    void sendsAllOfAPublisherThroughAPausedBroker(DevCluster cluster) throws Exception {
        int count = 100_000;
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = open(cluster);
        CompletableFuture<SendAllResult> result;
        try (SubmissionPublisher<ProducerRecord<String, String>> publisher = new SubmissionPublisher<>()) {
            result = producer.sendAll(publisher, SendAllOptions.defaults().withMaxInFlight(20_000));
            for (String number : numbers(count)) {
                if (number.equals("030000")) {
                    cluster.pause(1);
                    CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(() -> cluster.resume(1));
                }
                publisher.submit(new ProducerRecord<>(topic, null, null, number)); // waits for the subscriber's demand
            }
        }

        assertThat(get(result)).isEqualTo(new SendAllResult(count, count, 0, null, null));
        assertThat(producer.close(LIMIT)).isEqualTo(new CloseReport(count, count, 0, List.of()));
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(numbers(count));
    }

    @Test
    void sendsAllOfAnIterable(DevCluster cluster) throws Exception {
        int count = 50_000;
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = open(cluster)) {
            Iterable<ProducerRecord<String, String>> records = () -> numbers(count).stream()
                    .map(number -> new ProducerRecord<String, String>(topic, number))
                    .iterator();
            assertThat(get(producer.sendAll(records))).isEqualTo(new SendAllResult(count, count, 0, null, null));
        }
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(numbers(count));
    }

    /** Eight sources that never wait, each with its own order, while the broker pauses. */
    @Test
    void trySendAndWhenWritableLoseNothing(DevCluster cluster) throws Exception {
        int sources = 8;
        int each = 5_000;
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = open(cluster);
        get(producer.partitionsFor(topic));
        cluster.pause(1);
        List<Trying> trying = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            trying.add(new Trying(producer, topic, "s" + i + "-", each));
        }
        trying.forEach(Trying::go);
        assertThat(trying).as("the buffer is small").noneMatch(source -> source.done.isDone());
        cluster.resume(1);
        for (Trying source : trying) {
            get(source.done);
        }

        assertThat(producer.close(LIMIT))
                .isEqualTo(new CloseReport((long) sources * each, (long) sources * each, 0, List.of()));
        Map<String, List<String>> bySource = new HashMap<>();
        for (String value : Reference.readValues(cluster, topic)) {
            bySource.computeIfAbsent(value.substring(0, 3), key -> new ArrayList<>())
                    .add(value.substring(3));
        }
        assertThat(bySource).hasSize(sources);
        assertThat(Set.copyOf(bySource.values())).containsExactly(numbers(each));
    }

    /** Goes on whenever it is told, and holds no thread. */
    private static final class Trying {
        private final Producer<String, String> producer;
        private final String topic;
        private final String source;
        private final List<String> left;
        private int next;
        final CompletableFuture<Void> done = new CompletableFuture<>();

        Trying(Producer<String, String> producer, String topic, String source, int count) {
            this.producer = producer;
            this.topic = topic;
            this.source = source;
            this.left = numbers(count);
        }

        void go() {
            while (next < left.size()) {
                @Nullable CompletableFuture<RecordMetadata> sent =
                        producer.trySend(new ProducerRecord<>(topic, source + left.get(next)));
                if (sent == null) {
                    CompletableFuture<Void> unused = producer.whenWritable().thenRun(this::go);
                    return;
                }
                next++;
            }
            done.complete(null);
        }
    }

    /** The event loop of somebody else: what would wait there fails at once, and the loop goes on. */
    @Test
    void doesNotHoldUpAnEventLoopOfNetty(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        EventLoopGroup loops = new DefaultEventLoopGroup(1);
        Producer<String, String> producer = open(cluster);
        try {
            get(producer.partitionsFor(topic));
            cluster.pause(1);
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            loops.execute(() -> {
                while (!refused.isDone()) {
                    producer.send(new ProducerRecord<>(topic, "x".repeat(1_000)))
                            .whenComplete((metadata, failure) -> {
                                if (failure != null) {
                                    refused.complete(failure);
                                }
                            });
                }
            });
            assertThat(get(refused))
                    .isInstanceOf(BufferExhaustedException.class)
                    .hasMessageContaining("it is an event loop of Netty")
                    .hasMessageContaining("use trySend and whenWritable");
        } finally {
            cluster.resume(1);
            producer.close(LIMIT);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        await().atMost(LIMIT).until(() -> loops.isTerminated());
    }
}
