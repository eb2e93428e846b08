package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openBytes;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.Clients.submit;
import static dev.millrace.producer.Clients.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of producers: many of them, many threads, interrupts, and nothing left when they are closed. */
@WithDevCluster(autoCreateTopics = false)
@Timeout(60)
class LifecycleIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    @Tag("row-111")
    void deliversWhatIsQueuedWhenItCloses(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = openText(config(cluster).linger(Duration.ofMinutes(1)));
        values(3_000).forEach(value -> submit(producer, new ProducerRecord<>(topic, value)));
        CloseReport report = producer.close(LIMIT);

        assertThat(report).isEqualTo(new CloseReport(3_000, 3_000, 0, List.of()));
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(3_000));
    }

    @Test
    @Tag("row-37")
    void deliversWhatIsQueuedWhenItFlushes(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, 3);
        try (Producer<String, String> producer = openText(config(cluster).linger(Duration.ofMinutes(1)))) {
            for (int round = 1; round <= 3; round++) {
                List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
                values(1_000).forEach(value -> futures.add(producer.send(new ProducerRecord<>(topic, value, value))));
                producer.flush();
                assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
            }
        }
    }

    @Test
    void reportsTheSameWhenItIsClosedAgain(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = openText(config(cluster));
        get(producer.send(new ProducerRecord<>(topic, "value")));
        CloseReport first = producer.close(LIMIT);

        assertThat(first.delivered()).isEqualTo(1);
        assertThat(producer.close(LIMIT)).isEqualTo(first);
        assertThat(producer.close(Duration.ZERO)).isEqualTo(first);
        producer.close();
        assertThatThrownBy(() -> submit(producer, new ProducerRecord<>(topic, "late")))
                .isExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    void failsAtOnceWhatIsQueuedWhenItClosesWithoutTime(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = openText(config(cluster).linger(Duration.ofMinutes(1)));
        get(producer.partitionsFor(topic));
        CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>(topic, "key", "value"));
        CloseReport report = producer.close(Duration.ZERO);

        assertThat(future)
                .failsWithin(LIMIT)
                .withThrowableOfType(ExecutionException.class)
                .withCauseExactlyInstanceOf(ProducerClosedException.class);
        assertThat(report.submitted()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.undelivered()).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo(topic);
            assertThat(record.key()).isEqualTo("key".getBytes(UTF_8));
            assertThat(record.value()).isEqualTo("value".getBytes(UTF_8));
        });
    }

    @Test
    @Tag("row-112")
    void mayBeClosedFlushedAndSentToInACallback(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Producer<String, String> producer = openText(config(cluster));
        CompletableFuture<CompletableFuture<RecordMetadata>> sentThere = new CompletableFuture<>();
        submit(producer, new ProducerRecord<>(topic, "value-0"), (metadata, failure) -> {
            sentThere.complete(producer.send(new ProducerRecord<>(topic, "value-1")));
            producer.flush();
            producer.close();
        });

        assertThat(get(get(sentThere)).offset()).isEqualTo(1);
        CloseReport report = producer.close(LIMIT);
        assertThat(report).isEqualTo(new CloseReport(2, 2, 0, List.of()));
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(2));
    }

    @Test
    @Tag("row-32")
    void keepsTheInterruptThatEndsAWaitForMemory() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Producer<byte[], byte[]> producer = openBytes(ProducerConfig.builder()
                        .bootstrapServers("127.0.0.1:" + silent.getLocalPort())
                        .maxRequestSize(16_384)
                        .batchSize(16_384)
                        .bufferMemory(16_384))) {
            submit(producer, new ProducerRecord<>("orders", new byte[12_000]));
            CompletableFuture<CompletableFuture<RecordMetadata>> sent = new CompletableFuture<>();
            boolean flagged = interruptedWhileItWaits(
                    () -> sent.complete(producer.send(new ProducerRecord<>("orders", new byte[12_000]))));

            assertThat(flagged).isTrue();
            assertThat(get(sent))
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ProducerException.class)
                    .withMessageContaining("interrupted while waiting for buffer memory");
            CloseReport report = producer.close(Duration.ZERO);
            assertThat(report.submitted()).isEqualTo(report.failed()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheInterruptThatEndsAFlush() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Producer<String, String> producer =
                        openText(ProducerConfig.builder().bootstrapServers("127.0.0.1:" + silent.getLocalPort()))) {
            CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>("orders", "value"));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            boolean flagged = interruptedWhileItWaits(() -> {
                try {
                    producer.flush();
                } catch (ProducerException e) {
                    thrown.complete(e);
                }
            });

            assertThat(flagged).isTrue();
            assertThat(get(thrown)).hasMessageContaining("interrupted while flushing");
            assertThat(future).isNotDone();
            producer.close(Duration.ZERO);
        }
    }

    @Test
    @Tag("row-111")
    void keepsTheInterruptThatEndsAClose() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Producer<String, String> producer =
                    openText(ProducerConfig.builder().bootstrapServers("127.0.0.1:" + silent.getLocalPort()));
            CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>("orders", "value"));
            CompletableFuture<CloseReport> closed = new CompletableFuture<>();
            boolean flagged = interruptedWhileItWaits(() -> closed.complete(producer.close(Duration.ofMinutes(5))));

            assertThat(flagged).isTrue();
            assertThat(get(closed).undelivered()).hasSize(1);
            assertThat(future)
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseExactlyInstanceOf(ProducerClosedException.class);
        }
    }

    @Test
    @Tag("row-111")
    void leavesNoThreadAndNoSocketBehind(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        openSendClose(cluster, topic, "warm-up");
        await().atMost(LIMIT).until(() -> threadsOf("life-").isEmpty());
        long before = openFiles();
        for (int i = 0; i < 200; i++) {
            openSendClose(cluster, topic, "life-" + i);
        }

        await().atMost(LIMIT).untilAsserted(() -> assertThat(threadsOf("life-")).isEmpty());
        // the test's own JVM opens a class or two meanwhile; 200 producers that leak have hundreds
        await().atMost(LIMIT).untilAsserted(() -> assertThat(openFiles()).isLessThan(before + 20));
    }

    @Test
    void producersOfOneClusterShareALoop(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        List<Producer<String, String>> producers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            producers.add(openText(config(cluster).clientId("shared-" + i)));
        }
        List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
        for (Producer<String, String> producer : producers) {
            futures.add(producer.send(new ProducerRecord<>(topic, "value")));
        }
        for (CompletableFuture<RecordMetadata> future : futures) {
            get(future);
        }

        assertThat(threadsOf("shared-")).containsExactlyInAnyOrder("shared-0-io", "shared-0-delivery");
        producers.get(0).close(LIMIT);
        assertThat(get(producers.get(1).send(new ProducerRecord<>(topic, "value")))
                        .hasOffset())
                .as("the others outlive the one that made the loop")
                .isTrue();
        producers.forEach(producer -> producer.close(LIMIT));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(threadsOf("shared-")).isEmpty());
    }

    @Test
    void takesRecordsFromManyThreadsAtOnce(DevCluster cluster) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            sendsFrom(8, 5_000, threads, cluster);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void takesRecordsFromVirtualThreads(DevCluster cluster) throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        Method factory = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        ExecutorService threads = (ExecutorService) factory.invoke(null);
        try {
            sendsFrom(200, 100, threads, cluster);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @Tag("row-111")
    void accountsForEveryRecordWhenItClosesUnderLoad(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                closesUnderLoad(Duration.ofMillis(round % 2 == 0 ? 0 : 5_000), topic, threads, cluster);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void closesUnderLoad(Duration timeout, String topic, ExecutorService threads, DevCluster cluster)
            throws Exception {
        Serializer<String> picky = (where, data) -> {
            if (data.endsWith("7")) {
                throw new IllegalArgumentException("no sevens");
            }
            return data.getBytes(UTF_8);
        };
        Producer<String, String> producer = Producers.open(config(cluster).build(), Serializers.string(), picky);
        LongAdder called = new LongAdder();
        CountDownLatch underLoad = new CountDownLatch(400);
        List<Future<List<CompletableFuture<RecordMetadata>>>> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            senders.add(threads.submit(() -> {
                List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
                try {
                    for (int i = 0; ; i++) {
                        sent.add(producer.send(
                                new ProducerRecord<>(topic, "value-" + i), (metadata, failure) -> called.increment()));
                        underLoad.countDown();
                    }
                } catch (IllegalStateException closed) {
                    return sent;
                }
            }));
        }
        assertThat(underLoad.await(20, TimeUnit.SECONDS)).isTrue();
        CloseReport report = producer.close(timeout);

        long delivered = 0;
        long failed = 0;
        for (Future<List<CompletableFuture<RecordMetadata>>> sender : senders) {
            for (CompletableFuture<RecordMetadata> record : sender.get(20, TimeUnit.SECONDS)) {
                try {
                    get(record);
                    delivered++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(ProducerException.class);
                    failed++;
                }
            }
        }
        assertThat(report.delivered()).isEqualTo(delivered);
        assertThat(report.failed()).isEqualTo(failed);
        assertThat(report.submitted()).isEqualTo(delivered + failed).isEqualTo(called.sum());
    }

    /** Each sender's records arrive once and in the order of its sends. */
    private static void sendsFrom(int senders, int each, ExecutorService threads, DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 4);
        try (Producer<Integer, Integer> producer = Producers.open(
                config(cluster).bufferMemory(1 << 20).build(), Serializers.integers(), Serializers.integers())) {
            List<Future<?>> running = new ArrayList<>();
            for (int sender = 0; sender < senders; sender++) {
                int key = sender;
                running.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        submit(producer, new ProducerRecord<>(topic, key, i));
                    }
                }));
            }
            for (Future<?> sender : running) {
                sender.get(30, TimeUnit.SECONDS);
            }
            CloseReport report = producer.close(LIMIT);
            assertThat(report.delivered()).isEqualTo((long) senders * each);
        }

        Map<Integer, Integer> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : Reference.readAll(cluster, topic)) {
            int key = ByteBuffer.wrap(record.key()).getInt();
            int number = ByteBuffer.wrap(record.value()).getInt();
            assertThat(number).as("sender %s", key).isEqualTo(next.merge(key, 1, Integer::sum) - 1);
        }
        assertThat(next).hasSize(senders).allSatisfy((key, count) -> assertThat(count)
                .isEqualTo(each));
    }

    private static void openSendClose(DevCluster cluster, String topic, String clientId) throws Exception {
        try (Producer<String, String> producer = openText(config(cluster).clientId(clientId))) {
            get(producer.send(new ProducerRecord<>(topic, "value")));
        }
    }

    /** Interrupts the task once it waits; returns whether its thread's flag was set at the end. */
    private static boolean interruptedWhileItWaits(Runnable task) throws Exception {
        Callable<Boolean> flagAfterwards = () -> {
            task.run();
            return Thread.interrupted();
        };
        FutureTask<Boolean> result = new FutureTask<>(flagAfterwards);
        Thread thread = new Thread(result, "interrupted");
        thread.start();
        await().atMost(LIMIT)
                .until(() ->
                        thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        return result.get(20, TimeUnit.SECONDS);
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Open files and sockets of this JVM; 0 where the system does not tell. */
    private static long openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.count();
        }
    }
}
