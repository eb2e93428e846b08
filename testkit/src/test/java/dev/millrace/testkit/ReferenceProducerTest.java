package dev.millrace.testkit;

import static dev.millrace.testkit.ReferenceProducers.PATIENCE;
import static dev.millrace.testkit.ReferenceProducers.await;
import static dev.millrace.testkit.ReferenceProducers.open;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.Headers;
import dev.millrace.producer.errors.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(15)
class ReferenceProducerTest {

    private final FakeCluster cluster =
            FakeCluster.builder().nodes(3).topic("orders", 3).start();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void readsBackWhatWasSent() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            ProducerRecord<String, String> sent = new ProducerRecord<>("orders", 2, 1234L, "key", "value");
            sent.headers().add("source", "test".getBytes(UTF_8)).add("empty", null);
            RecordMetadata metadata = await(producer.send(sent));
            assertThat(metadata.offset()).isZero();
        }
        assertThat(cluster.records("orders", 2)).singleElement().satisfies(stored -> {
            assertThat(stored.offset()).isZero();
            assertThat(stored.timestampMillis()).isEqualTo(1234L);
            assertThat(stored.keyText()).isEqualTo("key");
            assertThat(stored.valueText()).isEqualTo("value");
            assertThat(stored.headers()).isEqualTo(Headers.of("source", "test").with("empty", (byte[]) null));
            assertThat(stored.isOpaque()).isFalse();
        });
        assertThat(cluster.refusals()).isEmpty();
    }

    @Test
    void notesEveryRequest() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 1, "k", "v")));
        }
        assertThat(cluster.requests(Api.METADATA))
                .allSatisfy(request -> assertThat(request.clientId()).isEqualTo("reference"))
                .anySatisfy(request -> assertThat(request.topics()).containsExactly("orders"));
        FakeRequest produce = cluster.requests(Api.PRODUCE).get(0);
        assertThat(produce.node()).isEqualTo(1);
        assertThat(produce.version()).isEqualTo(13);
        assertThat(produce.acks()).isEqualTo(-1);
        assertThat(produce.topics()).containsExactly("orders");
        assertThat(produce.batches()).singleElement().satisfies(batch -> {
            assertThat(batch.topic()).isEqualTo("orders");
            assertThat(batch.partition()).isEqualTo(1);
            assertThat(batch.producerId()).isEqualTo(1000);
            assertThat(batch.producerEpoch()).isZero();
            assertThat(batch.baseSequence()).isZero();
            assertThat(batch.recordCount()).isEqualTo(1);
        });
    }

    @Test
    void takesNoDuplicateFromRetriesWithoutAnswers() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "first")));
            cluster.closeNext(Api.PRODUCE);
            cluster.closeNextAfterAppend("orders", 0, 2);
            cluster.failNextAfterAppend("orders", 0, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, 1);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                sent.add(producer.send(new ProducerRecord<>("orders", 0, "k", "v" + i)));
            }
            for (int i = 0; i < sent.size(); i++) {
                assertThat(await(sent.get(i)).offset()).isEqualTo(i + 1);
            }
        }
        List<String> expected = new ArrayList<>(List.of("first"));
        IntStream.range(0, 50).forEach(i -> expected.add("v" + i));
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactlyElementsOf(expected);
    }

    @Test
    void appendsTwiceForAProducerThatIsNotIdempotent() throws Exception {
        try (KafkaProducer<String, String> producer =
                open(cluster, Map.of(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false))) {
            cluster.closeNextAfterAppend("orders", 0, 1);
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
        }
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactly("v", "v");
    }

    @Test
    void sendsClientsToTheNewLeader() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "before")));
            cluster.moveLeader("orders", 0, 2);
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "after")));
        }
        assertThat(cluster.leader("orders", 0)).isEqualTo(2);
        assertThat(cluster.requests(Api.PRODUCE)).extracting(FakeRequest::node).containsExactly(0, 0, 2);
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactly("before", "after");
    }

    @Test
    void answersScriptedErrorsAsOftenAsAsked() throws Exception {
        cluster.failNext("orders", 0, ErrorCode.NOT_LEADER_OR_FOLLOWER, 2);
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
        }
        assertThat(cluster.requests(Api.PRODUCE)).hasSize(3);
        assertThat(cluster.recordCount("orders")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"7, 7, 1", "8, 9, 3", "9, 11, 4", "10, 12, 4", "12, 13, 5"})
    void speaksToOlderVersions(int produce, int metadata, int initProducerId) throws Exception {
        for (int node = 0; node < 3; node++) {
            cluster.setMaxVersion(node, Api.PRODUCE, produce);
            cluster.setMaxVersion(node, Api.METADATA, metadata);
            cluster.setMaxVersion(node, Api.INIT_PRODUCER_ID, initProducerId);
            cluster.setMaxVersion(node, Api.API_VERSIONS, 3);
        }
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
        }
        assertThat(cluster.requests(Api.PRODUCE))
                .extracting(FakeRequest::version)
                .containsExactly(produce);
        assertThat(cluster.requests(Api.API_VERSIONS).stream()
                        .collect(
                                groupingBy(FakeRequest::connection, mapping(FakeRequest::version, Collectors.toList())))
                        .values())
                .as("versions tried on each connection")
                .contains(List.of(4, 3));
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactly("v");
        assertThat(cluster.refusals()).isEmpty();
    }

    @Test
    void refusesBatchesThatAreTooLarge() {
        cluster.setMaxMessageBytes("orders", 1000);
        try (KafkaProducer<String, String> producer = open(cluster)) {
            assertThatThrownBy(() -> await(producer.send(new ProducerRecord<>("orders", 0, "k", "v".repeat(2000)))))
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
        assertThat(cluster.recordCount("orders")).isZero();
    }

    @Test
    void sendsNoAnswerWithoutAcks() throws Exception {
        try (KafkaProducer<String, String> producer = open(
                cluster, Map.of(ProducerConfig.ACKS_CONFIG, "0", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false))) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v1")));
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v2")));
            cluster.awaitRecords("orders", 2, PATIENCE);
            assertThat(cluster.connectionCount(0)).isPositive();
        }
        assertThat(cluster.requests(Api.PRODUCE)).extracting(FakeRequest::acks).containsExactly(0, 0);
        assertThat(cluster.requests(Api.PRODUCE).stream()
                        .map(FakeRequest::connection)
                        .distinct())
                .as("connections used")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void readsCompressedRecords(String codec) throws Exception {
        try (KafkaProducer<String, String> producer =
                open(cluster, Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec))) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
        }
        assertThat(cluster.records("orders", 0)).singleElement().satisfies(stored -> {
            assertThat(stored.isOpaque()).isFalse();
            assertThat(stored.valueText()).isEqualTo("v");
        });
    }

    @Test
    void createsTopicsThatAreAskedFor() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("fresh", "k", "v")));
        }
        assertThat(cluster.recordCount("fresh")).isEqualTo(1);
    }

    @Test
    void answersTopicErrorsUntilTheyAreTakenBack() throws Exception {
        cluster.setTopicError("orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        try (KafkaProducer<String, String> producer = open(cluster)) {
            assertThatThrownBy(() -> await(producer.send(new ProducerRecord<>("orders", 0, "k", "v"))))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            cluster.setTopicError("orders", ErrorCode.NONE);
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
        }
    }

    @Test
    void knowsARecreatedTopicByAnotherId() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "old")));
            cluster.recreateTopic("orders");
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "new")));
        }
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactly("new");
    }

    @Test
    void retriesProducerIds() throws Exception {
        cluster.initProducerIdError(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, 2);
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
        }
        assertThat(cluster.requests(Api.INIT_PRODUCER_ID)).hasSize(3);
    }

    @Test
    void movesLeadershipAwayFromStoppedNodes() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v1")));
            cluster.stopNode(0);
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v2")));
            cluster.startNode(0);
            cluster.moveLeader("orders", 0, 0);
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v3")));
        }
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactly("v1", "v2", "v3");
    }

    @Test
    void keepsRecordsWaitingForTheOnlyNode() throws Exception {
        try (FakeCluster single = FakeCluster.builder().topic("orders", 1).start();
                KafkaProducer<String, String> producer = open(single)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v1")));
            single.stopNode(0);
            assertThat(single.leader("orders", 0)).isEqualTo(-1);
            Future<RecordMetadata> second = producer.send(new ProducerRecord<>("orders", 0, "k", "v2"));
            single.startNode(0);
            assertThat(await(second).offset()).isEqualTo(1);
        }
    }

    @Test
    void servesNothingWhilePaused() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v1")));
            cluster.pauseNode(0);
            Future<RecordMetadata> second = producer.send(new ProducerRecord<>("orders", 0, "k", "v2"));
            await(producer.send(new ProducerRecord<>("orders", 1, "k", "elsewhere")));
            assertThat(second).isNotDone();
            cluster.resumeNode(0);
            assertThat(await(second).offset()).isEqualTo(1);
        }
    }

    @Test
    void holdsAnswersBack() throws Exception {
        try (KafkaProducer<String, String> producer = open(cluster)) {
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v1")));
            Duration delay = Duration.ofMillis(200);
            cluster.delayNext(Api.PRODUCE, delay);
            long startNanos = System.nanoTime();
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v2")));
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(delay);
        }
    }
}
