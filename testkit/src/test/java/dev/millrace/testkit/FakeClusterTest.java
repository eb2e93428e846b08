package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.ApiVersionsRequest;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(15)
class FakeClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final MetadataRequest ORDERS = new MetadataRequest(List.of("orders"), true);
    private static final InitProducerIdRequest NEW_PRODUCER =
            new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1);

    private final FakeCluster cluster =
            FakeCluster.builder().nodes(3).topic("orders", 3).start();
    private final WireClient client;

    FakeClusterTest() throws IOException {
        client = new WireClient(cluster.address(0));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void answersEveryVersionOfApiVersions(int version) throws IOException {
        ApiVersionsResponse response = client.call(new ApiVersionsRequest("test", "1"), version);
        assertThat(response.error()).isEqualTo(ErrorCode.NONE);
        assertThat(response.apiVersions()).hasSize(Api.values().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 9, 10, 11, 12, 13})
    void answersEveryVersionOfMetadata(int version) throws IOException {
        MetadataResponse response = client.call(ORDERS, version);
        assertThat(response.brokers()).hasSize(3);
        assertThat(response.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("orders");
            assertThat(topic.topicId().equals(TopicIds.UNKNOWN)).isEqualTo(version < 10);
            assertThat(topic.partitions())
                    .extracting(MetadataResponse.Partition::leaderId)
                    .containsExactly(0, 1, 2);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void answersEveryVersionOfInitProducerId(int version) throws IOException {
        InitProducerIdResponse first = client.call(NEW_PRODUCER, version);
        InitProducerIdResponse second = client.call(NEW_PRODUCER, version);
        assertThat(first.producerEpoch()).isZero();
        assertThat(second.producerId()).isEqualTo(first.producerId() + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 9, 10, 11, 12, 13})
    void answersEveryVersionOfProduce(int version) throws IOException {
        UUID id = topicId("orders");
        PartitionResult result = produce(WireClient.produce("orders", id, 0, -1, WireClient.batch(1, 0, 0)), version);
        assertThat(result.error()).isEqualTo(ErrorCode.NONE);
        assertThat(result.baseOffset()).isZero();
        assertThat(cluster.requests(Api.PRODUCE).get(0).topics()).containsExactly("orders");
    }

    @Test
    void namesApiVersionsForAVersionItDoesNotKnow() throws IOException {
        cluster.setMaxVersion(0, Api.API_VERSIONS, 3);
        ApiVersionsResponse response = client.call(new ApiVersionsRequest("test", "1"), 4);
        assertThat(response.error()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(response.apiVersions()).singleElement().satisfies(offered -> {
            assertThat(offered.apiKey()).isEqualTo((short) 18);
            assertThat(offered.maxVersion()).isEqualTo((short) 3);
        });
    }

    @Test
    void namesNothingAsOldBrokersDo() throws IOException {
        try (FakeCluster old = FakeCluster.builder()
                        .maxVersion(Api.API_VERSIONS, 2)
                        .emptyListForUnsupportedVersion()
                        .start();
                WireClient toOld = new WireClient(old.address(0))) {
            ApiVersionsRequest request = new ApiVersionsRequest("test", "1");
            assertThat(toOld.call(request, 4).apiVersions()).isEmpty();
            assertThat(toOld.call(request, 0).apiVersions()).hasSize(Api.values().length);
        }
    }

    @Test
    void refusesSoftwareNamesBrokersRefuse() throws IOException {
        assertThat(client.call(new ApiVersionsRequest("my producer", "1"), 3).error())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void hintsAtTheLeader() throws IOException {
        ProduceRequest request = WireClient.produce("orders", topicId("orders"), 1, -1, WireClient.batch(1, 0, 0));
        ProduceResponse response = client.call(request, 12);
        PartitionResult result = response.topics().get(0).partitions().get(0);
        assertThat(result.error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(result.currentLeader()).isEqualTo(new LeaderHint(1, 0));
        assertThat(response.nodeEndpoints()).singleElement().satisfies(endpoint -> assertThat(endpoint.port())
                .isEqualTo(cluster.port(1)));
    }

    @Test
    void doesNotKnowTopicsThatAreNotThere() throws IOException {
        ByteBuffer batch = WireClient.batch(1, 0, 0);
        assertThat(produce(WireClient.produce("other", 0, batch), 12).error())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(produce(WireClient.produce("orders", 3, batch), 12).error())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(produce(WireClient.produce("", new UUID(1, 2), 0, -1, batch), 13)
                        .error())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void growsTopics() throws IOException {
        cluster.addPartitions("orders", 2);
        assertThat(client.call(ORDERS, 13).topics().get(0).partitions()).hasSize(5);
        cluster.deleteTopic("orders");
        assertThat(client.call(new MetadataRequest(null, false), 13).topics()).isEmpty();
    }

    @Test
    void saysWhenNobodyLeads() throws IOException {
        cluster.removeLeader("orders", 0);
        assertThat(client.call(ORDERS, 13).topics().get(0).partitions().get(0).error())
                .isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
        cluster.moveLeader("orders", 0, 0);
        assertThat(client.call(ORDERS, 13).topics().get(0).partitions().get(0).leaderEpoch())
                .isEqualTo(2);
    }

    @Test
    void answersDuplicatesWithTheirOffset() throws IOException {
        for (int sequence = 0; sequence < 3; sequence++) {
            produce(WireClient.produce("orders", 0, WireClient.batch(1, 0, sequence)), 12);
        }
        assertThat(produce(WireClient.produce("orders", 0, WireClient.batch(1, 0, 1)), 12)
                        .baseOffset())
                .isEqualTo(1);
        assertThat(produce(WireClient.produce("orders", 0, WireClient.batch(1, 0, 5)), 12)
                        .error())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        cluster.forgetProducers("orders", 0);
        assertThat(produce(WireClient.produce("orders", 0, WireClient.batch(1, 0, 5)), 12)
                        .baseOffset())
                .isEqualTo(3);
        assertThat(cluster.recordCount("orders")).isEqualTo(4);
    }

    @Test
    void refusesUnknownProducersAsOldBrokersDo() throws IOException {
        try (FakeCluster old = FakeCluster.builder()
                        .topic("orders", 1)
                        .refuseUnknownProducers()
                        .start();
                WireClient toOld = new WireClient(old.address(0))) {
            ProduceResponse response = toOld.call(WireClient.produce("orders", 0, WireClient.batch(1, 0, 3)), 7);
            assertThat(response.topics().get(0).partitions().get(0).error()).isEqualTo(ErrorCode.UNKNOWN_PRODUCER_ID);
        }
    }

    @Test
    void closesTheConnectionForAFailureWithoutAcks() throws IOException {
        client.send(WireClient.produce("missing", TopicIds.UNKNOWN, 0, 0, WireClient.batch(1, 0, 0)), 12);
        assertThat(client.seesEnd()).isTrue();
    }

    @Test
    void closesTheConnectionForRequestsItCannotRead() throws IOException {
        client.sendRaw(ByteBuffer.allocate(14)
                .putInt(10)
                .putShort((short) 999)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) -1)
                .flip());
        assertThat(client.seesEnd()).isTrue();
        assertThat(cluster.refusals()).singleElement().asString().contains("unknown API: key=999");
    }

    @Test
    void closesTheConnectionForVersionsItDoesNotOffer() throws IOException {
        cluster.setMaxVersion(0, Api.METADATA, 9);
        client.send(ORDERS, 12);
        assertThat(client.seesEnd()).isTrue();
        assertThat(cluster.refusals()).singleElement().asString().contains("api=METADATA version=12 offered=7-9");
    }

    @Test
    void closesTheConnectionForLengthsNoBrokerReads() throws IOException {
        client.sendRaw(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
        assertThat(client.seesEnd()).isTrue();
        assertThat(cluster.refusals()).hasSize(1);
    }

    @Test
    void leavesADroppedRequestAndAllBehindItUnserved() throws IOException {
        cluster.ignoreNext(Api.PRODUCE);
        client.send(WireClient.produce("orders", 0, WireClient.batch(1, 0, 0)), 12);
        client.send(WireClient.produce("orders", 0, WireClient.batch(1, 0, 1)), 12);
        cluster.awaitRequests(Api.PRODUCE, 2, PATIENCE);
        try (WireClient other = new WireClient(cluster.address(0))) {
            assertThat(other.call(ORDERS, 13).brokers()).hasSize(3);
        }
        assertThat(client.available()).isZero();
        assertThat(cluster.recordCount("orders")).isZero();
    }

    @Test
    void closesInsteadOfServing() throws IOException {
        cluster.closeNext(Api.PRODUCE);
        client.send(WireClient.produce("orders", 0, WireClient.batch(1, 0, 0)), 12);
        assertThat(client.seesEnd()).isTrue();
        assertThat(cluster.recordCount("orders")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Garbage.class)
    void sendsGarbage(Garbage garbage) throws IOException {
        cluster.answerGarbage(Api.METADATA, garbage);
        int correlationId = client.send(ORDERS, 13);
        byte[] expected = garbage.answerTo(correlationId).array();
        assertThat(client.readBytes(expected.length)).isEqualTo(expected);
        assertThat(client.call(ORDERS, 13).brokers()).hasSize(3);
    }

    @Test
    void servesNothingBehindAnAnswerHeldBack() throws IOException {
        cluster.delayResponses(0, Duration.ofMillis(150));
        ProduceRequest first = WireClient.produce("orders", 0, WireClient.batch(1, 0, 0));
        ProduceRequest second = WireClient.produce("orders", 0, WireClient.batch(1, 0, 1));
        long startNanos = System.nanoTime();
        client.send(first, 12);
        client.send(second, 12);
        cluster.awaitRequests(Api.PRODUCE, 2, PATIENCE);
        client.readResponse(first, 12);
        client.readResponse(second, 12);
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        cluster.delayResponses(0, Duration.ZERO);
        assertThat(client.call(ORDERS, 13).brokers()).hasSize(3);
    }

    @Test
    void throttlesProducers() throws IOException {
        cluster.throttle(Duration.ofMillis(150));
        ProduceRequest request = WireClient.produce("orders", 0, WireClient.batch(1, 0, 0));
        assertThat(client.call(request, 12).throttleTimeMillis()).isEqualTo(150);
        long startNanos = System.nanoTime();
        client.call(ORDERS, 13);
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        cluster.clearFaults();
        assertThat(client.call(request, 12).throttleTimeMillis()).isZero();
    }

    @Test
    void stopsAndStartsNodesOnTheirPort() throws IOException {
        int port = cluster.port(0);
        cluster.stopNode(0);
        assertThat(client.seesEnd()).isTrue();
        assertThatThrownBy(() -> new WireClient(cluster.address(0)).close()).isInstanceOf(IOException.class);
        assertThat(cluster.leader("orders", 0)).isEqualTo(1);
        cluster.startNode(0);
        assertThat(cluster.port(0)).isEqualTo(port);
        try (WireClient again = new WireClient(cluster.address(0))) {
            assertThat(again.call(ORDERS, 13).brokers()).hasSize(3);
        }
        assertThatThrownBy(() -> cluster.startNode(0)).hasRootCauseMessage("node is running already: node=0");
    }

    @Test
    void movesNodesToAnotherPort() throws IOException {
        int port = cluster.port(2);
        cluster.stopNode(2);
        assertThat(client.call(ORDERS, 13).brokers()).hasSize(2);
        cluster.startNodeOnNewPort(2);
        assertThat(cluster.port(2)).isNotEqualTo(port);
        assertThat(client.call(ORDERS, 13).brokers())
                .extracting(MetadataResponse.Broker::port)
                .contains(cluster.port(2));
    }

    @Test
    void closesConnectionsOnDemand() throws IOException {
        client.call(ORDERS, 13);
        assertThat(cluster.connectionCount(0)).isEqualTo(1);
        cluster.closeConnections(0);
        assertThat(client.seesEnd()).isTrue();
        assertThat(cluster.connectionCount(0)).isZero();
    }

    @Test
    void saysWhatCameInsteadOfTheAwaited() throws IOException {
        client.call(ORDERS, 13);
        assertThat(cluster.awaitRequest(request -> request.topics().contains("orders"), PATIENCE)
                        .version())
                .isEqualTo(13);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> cluster.awaitRequests(Api.PRODUCE, 1, Duration.ofMillis(10)))
                .withMessageContaining("api=METADATA");
    }

    @Test
    void namesTopicsAndNodesThatAreNotThere() {
        assertThatThrownBy(() -> cluster.records("none", 0)).hasMessageContaining("no such topic: topic=none");
        assertThatThrownBy(() -> cluster.records("orders", 9)).hasMessageContaining("no such partition");
        assertThatThrownBy(() -> cluster.port(3)).hasMessageContaining("no such node: node=3 nodes=0-2");
    }

    private UUID topicId(String topic) throws IOException {
        return client.call(new MetadataRequest(List.of(topic), false), 13)
                .topics()
                .get(0)
                .topicId();
    }

    private PartitionResult produce(ProduceRequest request, int version) throws IOException {
        return client.call(request, version).topics().get(0).partitions().get(0);
    }
}
