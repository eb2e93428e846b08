package dev.millrace.producer;

import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openBytes;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.Clients.submit;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What users do wrong, and what a cluster does: each fault is told with its own exception and in its own words, hurts one
 * record and leaves the producer at work.
 */
@WithDevCluster(autoCreateTopics = false)
@Timeout(30)
class BadInputIT {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    @AfterAll
    static void everyFaultHasWordsOfItsOwn() {
        Map<Fault, String> told = Fault.told();
        assertThat(new HashSet<>(told.values())).hasSameSizeAs(told.keySet());
    }

    // Where no broker is

    @Test
    void namesAnAddressWhereNothingListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Fault.NOTHING_LISTENS.isToldBy(failureWithout("127.0.0.1:" + port));
    }

    @Test
    void namesAHostNobodyKnows() throws Exception {
        Fault.UNKNOWN_HOST.isToldBy(failureWithout("no-such-host.invalid:9092"));
    }

    @Test
    void recognizesAnHttpServer() throws Exception {
        try (TinyServer server = TinyServer.answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")) {
            Fault.HTTP_SERVER.isToldBy(failureWithout(server.address()));
        }
    }

    @Test
    void namesAServerThatSaysNothing() throws Exception {
        try (TinyServer server = TinyServer.silent()) {
            Fault.SILENT_SERVER.isToldBy(failureWithout(server.address()));
        }
    }

    @Test
    void recognizesABrokerThatIsTooOld() throws Exception {
        try (AncientBroker broker = AncientBroker.start()) {
            ProducerException failure = failureWithout(broker.address());

            assertThat(broker.wasAsked()).isTrue();
            Fault.TOO_OLD.isToldBy(failure);
        }
    }

    @Test
    void reportsWhatWaitsForATopicWhenTheProducerCloses() throws Exception {
        try (TinyServer server = TinyServer.silent();
                Producer<String, String> producer = openText(impatient(server.address()))) {
            CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>("orders", "value"));
            CloseReport report = producer.close(Duration.ZERO);

            ProducerException failure = failureOf(future);
            assertThat(failure).isExactlyInstanceOf(ProducerClosedException.class);
            Fault.CLOSED_BEFORE_TOPIC_KNOWN.isToldBy(failure);
            assertThat(report.undelivered()).singleElement().satisfies(record -> {
                assertThat(record.topic()).isEqualTo("orders");
                assertThat(record.value()).isEqualTo("value".getBytes(UTF_8));
            });
        }
    }

    // Where the cluster says no

    @Test
    @Tag("row-16")
    void namesATopicThatDoesNotExist(DevCluster cluster) throws Exception {
        try (Producer<String, String> producer = openText(impatient(cluster))) {
            ProducerException failure =
                    failureOf(producer.send(new ProducerRecord<>(Reference.newTopicName(), "value")));

            assertThat(failure).isExactlyInstanceOf(DeliveryTimeoutException.class);
            assertThat(failure.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_CLUSTER);
            assertThat(failure.stage()).isEqualTo(Stage.METADATA);
            Fault.NO_SUCH_TOPIC.isToldBy(failure);
            goesOn(producer, cluster);
        }
    }

    @Test
    @Tag("row-18")
    void refusesAnInvalidTopicNameAtOnce(DevCluster cluster) throws Exception {
        try (Producer<String, String> producer = openText(impatient(cluster).maxBlock(Duration.ofMinutes(5)))) {
            ProducerException failure = failureOf(producer.send(new ProducerRecord<>("not a topic!", "value")));

            assertThat(failure).isExactlyInstanceOf(RecordRejectedException.class);
            assertThat(failure.errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
            assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_RECORD);
            Fault.INVALID_TOPIC_NAME.isToldBy(failure);
            goesOn(producer, cluster);
        }
    }

    @Test
    void namesThePartitionsThereAre(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 2);
        try (Producer<String, String> producer = openText(impatient(cluster))) {
            CompletableFuture<RecordMetadata> stray =
                    producer.send(new ProducerRecord<String, String>(topic, 2, null, "value"));
            CompletableFuture<RecordMetadata> next =
                    producer.send(new ProducerRecord<String, String>(topic, 1, null, "value"));

            assertThat(get(next).partition())
                    .as("a stray record holds up no other")
                    .isEqualTo(1);
            assertThat(stray).isNotDone();
            ProducerException failure = failureOf(stray);
            assertThat(failure).isExactlyInstanceOf(DeliveryTimeoutException.class);
            assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_RECORD);
            Fault.NO_SUCH_PARTITION.isToldBy(failure);
            goesOn(producer, cluster);
        }
    }

    @Test
    @Tag("row-50")
    void refusesARecordLargerThanARequest(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<byte[], byte[]> producer = openBytes(impatient(cluster))) {
            ProducerException failure = failureOf(producer.send(new ProducerRecord<>(topic, new byte[1 << 20])));

            assertThat(failure).isExactlyInstanceOf(RecordRejectedException.class);
            assertThat(failure.errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            assertThat(failure.stage()).isEqualTo(Stage.PREPARE);
            Fault.LARGER_THAN_REQUEST.isToldBy(failure);
            assertThat(get(producer.send(new ProducerRecord<>(topic, new byte[1])))
                            .offset())
                    .isZero();
        }
    }

    @Test
    @Tag("row-50")
    void refusesARecordLargerThanTheBuffer(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        // memory comes in whole pieces, so the last bytes of a limit cannot be used
        try (Producer<byte[], byte[]> producer = openBytes(
                impatient(cluster).maxRequestSize(100_000).batchSize(1_000).bufferMemory(100_000))) {
            ProducerException failure = failureOf(producer.send(new ProducerRecord<>(topic, new byte[99_800])));

            assertThat(failure).isExactlyInstanceOf(RecordRejectedException.class);
            assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_CONFIGURATION);
            Fault.LARGER_THAN_BUFFER.isToldBy(failure);
            assertThat(get(producer.send(new ProducerRecord<>(topic, new byte[90_000])))
                            .offset())
                    .isZero();
        }
    }

    @Test
    void refusesABufferSmallerThanARequest() {
        Throwable failure = catchThrowable(() -> ProducerConfig.builder()
                .bootstrapServers("127.0.0.1:9092")
                .maxRequestSize(2_000_000)
                .bufferMemory(1_000_000)
                .build());

        assertThat(failure).isExactlyInstanceOf(ConfigException.class);
        Fault.BUFFER_BELOW_REQUEST.isToldBy(failure);
    }

    @Test
    @Tag("row-51")
    void refusesARecordLargerThanTheTopicAllows(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1, Map.of("max.message.bytes", "10000"));
        try (Producer<byte[], byte[]> producer = openBytes(impatient(cluster))) {
            ProducerException failure = failureOf(producer.send(new ProducerRecord<>(topic, new byte[20_000])));

            assertThat(failure).isExactlyInstanceOf(RecordRejectedException.class);
            assertThat(failure.errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            assertThat(failure.stage()).isEqualTo(Stage.IN_FLIGHT);
            assertThat(failure.mayHaveBeenWritten()).isFalse();
            Fault.LARGER_THAN_TOPIC_ALLOWS.isToldBy(failure);
            assertThat(get(producer.send(new ProducerRecord<>(topic, new byte[1])))
                            .offset())
                    .isZero();
        }
    }

    @Test
    @Tag("row-52")
    void splitsABatchTheTopicDoesNotAllowAndDeliversTheRest(DevCluster cluster) throws Exception {
        int count = 200;
        int tooLarge = 77;
        String topic = Reference.newTopic(cluster, 1, Map.of("max.message.bytes", "10000"));
        try (Producer<byte[], byte[]> producer = openBytes(impatient(cluster)
                .deliveryTimeout(Duration.ofSeconds(20))
                .linger(Duration.ofMillis(200))
                .batchSize(500_000))) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] value = new byte[i == tooLarge ? 20_000 : 1_000];
                value[0] = (byte) i;
                futures.add(producer.send(new ProducerRecord<>(topic, value)));
            }

            ProducerException failure = failureOf(futures.get(tooLarge));
            assertThat(failure).isExactlyInstanceOf(RecordRejectedException.class);
            Fault.LARGER_THAN_TOPIC_ALLOWS.isToldBy(failure);
            for (int i = 0; i < count; i++) {
                if (i != tooLarge) {
                    assertThat(get(futures.get(i)).offset()).isEqualTo(i < tooLarge ? i : i - 1);
                }
            }
        }

        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i != tooLarge) {
                expected.add(i);
            }
        }
        assertThat(Reference.readAll(cluster, topic).stream()
                        .map(record -> record.value()[0] & 0xff)
                        .toList())
                .isEqualTo(expected);
    }

    // What user code does

    @Test
    @Tag("row-30")
    void failsTheOneRecordWhoseSerializerThrows(DevCluster cluster) throws Exception {
        Fault.SERIALIZER_THROWS.isToldBy(failureOfSerializer(cluster, (topic, data) -> {
            throw new IllegalStateException("out of order");
        }));
    }

    @Test
    @Tag("row-30")
    void failsTheOneRecordWhoseSerializerOverflowsTheStack(DevCluster cluster) throws Exception {
        Fault.SERIALIZER_OVERFLOWS.isToldBy(failureOfSerializer(cluster, (topic, data) -> forEver(data)));
    }

    @Test
    @Tag("row-30")
    @SuppressWarnings("unchecked") // the mistake under test
    void failsTheOneRecordOfTheWrongType(DevCluster cluster) throws Exception {
        Serializer<?> integers = Serializers.integers();
        Fault.WRONG_TYPE.isToldBy(failureOfSerializer(cluster, (Serializer<String>) integers));
    }

    @Test
    @Tag("row-112")
    void aCallbackThatThrowsStopsNothing(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = openText(impatient(cluster))) {
            CompletableFuture<RecordMetadata> first =
                    producer.send(new ProducerRecord<>(topic, "value-0"), (metadata, failure) -> {
                        throw new IllegalStateException("thrown by a test's callback");
                    });
            CompletableFuture<RecordMetadata> second =
                    producer.send(new ProducerRecord<>(topic, "value-1"), (metadata, failure) -> {
                        throw new AssertionError("thrown by a test's callback");
                    });

            assertThat(get(first).offset()).isZero();
            assertThat(get(second).offset()).isEqualTo(1);
            goesOn(producer, cluster);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // the mistake under test
    void throwsWhereTheProgramIsWrong(DevCluster cluster) throws Exception {
        Producer<String, String> producer = openText(impatient(cluster));
        Throwable nullRecord = catchThrowable(() -> submit(producer, null));
        Throwable nullTopic = catchThrowable(() -> new ProducerRecord<>(null, "value"));
        Throwable emptyTopic = catchThrowable(() -> new ProducerRecord<>("", "value"));
        Throwable negative = catchThrowable(() -> new ProducerRecord<String, String>("orders", -1, null, "value"));
        goesOn(producer, cluster);
        producer.close();
        Throwable closed = catchThrowable(() -> submit(producer, new ProducerRecord<>("orders", "value")));

        assertThat(nullRecord).isExactlyInstanceOf(NullPointerException.class);
        Fault.NULL_RECORD.isToldBy(nullRecord);
        assertThat(nullTopic).isExactlyInstanceOf(NullPointerException.class);
        Fault.NULL_TOPIC.isToldBy(nullTopic);
        assertThat(emptyTopic).isExactlyInstanceOf(IllegalArgumentException.class);
        Fault.EMPTY_TOPIC.isToldBy(emptyTopic);
        assertThat(negative).isExactlyInstanceOf(IllegalArgumentException.class);
        Fault.NEGATIVE_PARTITION.isToldBy(negative);
        assertThat(closed).isExactlyInstanceOf(IllegalStateException.class);
        Fault.SEND_AFTER_CLOSE.isToldBy(closed);
    }

    private static byte[] forEver(String data) {
        return data.isEmpty() ? new byte[0] : forEver(data + data.charAt(0));
    }

    private static ProducerException failureOfSerializer(DevCluster cluster, Serializer<String> broken)
            throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Serializer<String> onlyGoodIsRight =
                (where, data) -> data.equals("good") ? data.getBytes(UTF_8) : broken.serialize(where, data);
        try (Producer<String, String> producer =
                Producers.open(impatient(cluster).build(), Serializers.string(), onlyGoodIsRight)) {
            CompletableFuture<RecordMetadata> before = producer.send(new ProducerRecord<>(topic, "good"));
            CountDownLatch told = new CountDownLatch(1);
            ProducerException failure = failureOf(producer.send(new ProducerRecord<>(topic, "bad"), (metadata, why) -> {
                if (why != null && metadata.topic().equals(topic) && !metadata.hasOffset()) {
                    told.countDown();
                }
            }));
            CompletableFuture<RecordMetadata> after = producer.send(new ProducerRecord<>(topic, "good"));

            assertThat(failure).isExactlyInstanceOf(SerializationException.class);
            assertThat(failure.stage()).isEqualTo(Stage.PREPARE);
            assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_RECORD);
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(get(before).offset()).isZero();
            assertThat(get(after).offset()).isEqualTo(1);
            CloseReport report = producer.close(Duration.ofSeconds(10));
            assertThat(report.submitted()).isEqualTo(3);
            assertThat(report.delivered()).isEqualTo(2);
            assertThat(report.failed()).isEqualTo(1);
            return failure;
        }
    }

    /** What a record is told when there is no cluster at the address. */
    private static ProducerException failureWithout(String address) throws Exception {
        long begun = System.nanoTime();
        try (Producer<String, String> producer = openText(impatient(address))) {
            CompletableFuture<RecordMetadata> first = producer.send(new ProducerRecord<>("orders", "value"));
            CompletableFuture<List<PartitionInfo>> question = producer.partitionsFor("orders");
            ProducerException failure = failureOf(first);

            assertThat(failure).isExactlyInstanceOf(DeliveryTimeoutException.class);
            assertThat(failure.stage()).isEqualTo(Stage.METADATA);
            assertThat(failure.mayHaveBeenWritten()).isFalse();
            assertThat(failureOf(question)).isExactlyInstanceOf(DeliveryTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT.multipliedBy(5));
            return failure;
        }
    }

    private static void goesOn(Producer<String, String> producer, DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        assertThat(get(producer.send(new ProducerRecord<>(topic, "good"))).offset())
                .isZero();
        assertThat(Reference.readValues(cluster, topic)).containsExactly("good");
    }

    private static ProducerException failureOf(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("not failed but " + future.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProducerException failure) {
                return failure;
            }
            throw e;
        }
    }

    private static ProducerConfig.Builder impatient(DevCluster cluster) {
        return impatient(cluster.bootstrapServers());
    }

    private static ProducerConfig.Builder impatient(String bootstrapServers) {
        return ProducerConfig.builder()
                .bootstrapServers(bootstrapServers)
                .maxBlock(LIMIT)
                .requestTimeout(Duration.ofMillis(500))
                .deliveryTimeout(LIMIT);
    }

    /** Something that listens and is no broker. */
    private static final class TinyServer implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final String answer;

        private TinyServer(String answer) throws IOException {
            this.answer = answer;
            Thread thread = new Thread(this::serve, "tiny-server");
            thread.setDaemon(true);
            thread.start();
        }

        static TinyServer answering(String answer) throws IOException {
            return new TinyServer(answer);
        }

        static TinyServer silent() throws IOException {
            return new TinyServer("");
        }

        String address() {
            return "127.0.0.1:" + listener.getLocalPort();
        }

        private void serve() {
            List<Socket> accepted = new ArrayList<>();
            try {
                while (true) {
                    Socket socket = listener.accept();
                    accepted.add(socket);
                    if (!answer.isEmpty()) {
                        InputStream request = socket.getInputStream();
                        assertThat(request.read(new byte[4])).isPositive();
                        socket.getOutputStream().write(answer.getBytes(US_ASCII));
                        socket.shutdownOutput();
                    }
                }
            } catch (IOException closed) {
                for (Socket socket : accepted) {
                    closeQuietly(socket);
                }
            }
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
