package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static dev.millrace.producer.internal.protocol.WireBytes.bytes;
import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.RequestFrame;
import dev.millrace.producer.internal.protocol.RequestHeader;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest.TopicPartitions;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.PartitionData;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.TopicData;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.Member;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.PartitionOffset;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.TopicOffsets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests byte for byte as kafka-clients 4.3.1 writes them: client id c1, correlation id in every frame. */
class GoldenRequestsTest {

    private static final UUID TOPIC_ID = new UUID(1, 2);

    @Test
    @Tag("row-1")
    void apiVersions() {
        ApiVersionsRequest named = new ApiVersionsRequest("my-producer", "1.0.0");
        ApiVersionsRequest unnamed = new ApiVersionsRequest("", "");

        assertGolden(unnamed, 0, "0000000c 0012 0000 00000001 0002 6331");
        assertGolden(named, 3, "00000020 0012 0003 00000001 0002 6331 00 0c 6d792d70726f6475636572 06 312e302e30 00");
        assertGolden(named, 4, "00000020 0012 0004 00000001 0002 6331 00 0c 6d792d70726f6475636572 06 312e302e30 00");
    }

    @Test
    @Tag("row-1")
    void metadata() {
        MetadataRequest oneTopic = new MetadataRequest(List.of("t"), true);
        String byName = "02 00000000000000000000000000000000 02 74 00 01 00 00";

        assertGolden(oneTopic, 7, "00000014 0003 0007 00000002 0002 6331 00000001 0001 74 01");
        assertGolden(oneTopic, 8, "00000016 0003 0008 00000002 0002 6331 00000001 0001 74 01 00 00");
        assertGolden(oneTopic, 9, "00000015 0003 0009 00000002 0002 6331 00 02 02 74 00 01 00 00 00");
        assertGolden(oneTopic, 11, "00000024 0003 000b 00000002 0002 6331 00" + byName);
        assertGolden(oneTopic, 12, "00000024 0003 000c 00000002 0002 6331 00" + byName);
        assertGolden(oneTopic, 13, "00000024 0003 000d 00000002 0002 6331 00" + byName);
        assertGolden(new MetadataRequest(null, true), 12, "00000011 0003 000c 00000002 0002 6331 00 00 01 00 00");
        assertGolden(new MetadataRequest(List.of(), true), 12, "00000011 0003 000c 00000002 0002 6331 00 01 01 00 00");
    }

    @Test
    @Tag("row-1")
    void initProducerId() {
        InitProducerIdRequest idempotent = new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1);
        String fromV3 = "00 7fffffff ffffffffffffffff ffff 00";

        assertGolden(idempotent, 1, "00000012 0016 0001 00000003 0002 6331 ffff 7fffffff");
        assertGolden(idempotent, 2, "00000013 0016 0002 00000003 0002 6331 00 00 7fffffff 00");
        assertGolden(idempotent, 3, "0000001d 0016 0003 00000003 0002 6331 00" + fromV3);
        assertGolden(idempotent, 4, "0000001d 0016 0004 00000003 0002 6331 00" + fromV3);
        assertGolden(idempotent, 5, "0000001d 0016 0005 00000003 0002 6331 00" + fromV3);
        assertGolden(
                new InitProducerIdRequest("tx-1", 60_000, -1, (short) -1),
                1,
                "00000016 0016 0001 00000003 0002 6331 0004 74782d31 0000ea60");
        assertGolden(
                new InitProducerIdRequest("tx-1", 60_000, 4_000, (short) 2),
                4,
                "00000021 0016 0004 00000003 0002 6331 00 05 74782d31 0000ea60 0000000000000fa0 0002 00");
    }

    @Test
    @Tag("row-1")
    void idempotentProduce() {
        String classic = "ffff" // transactional id: null
                + "ffff" // acks -1
                + "00007530" // timeout 30000 ms
                + "00000001 0001 74" // one topic: t
                + "00000001 00000003" // one partition: 3
                + "00000064" // 100 B of records
                + GoldenBatch.IDEMPOTENT;
        assertGolden(produce(null, GoldenBatch.IDEMPOTENT), 7, "0000008b 0000 0007 00000007 0002 6331" + classic);
        assertGolden(produce(null, GoldenBatch.IDEMPOTENT), 8, "0000008b 0000 0008 00000007 0002 6331" + classic);
        assertGolden(
                produce(null, GoldenBatch.IDEMPOTENT),
                9,
                "00000084" // frame size 132
                        + "0000 0009 00000007" // Produce, v9, correlation id 7
                        + "0002 6331" // client id c1, int16 length even in header v2
                        + "00" // tagged fields of the header
                        + "00" // transactional id: null
                        + "ffff" // acks -1
                        + "00007530" // timeout 30000 ms
                        + "02" // one topic
                        + "02 74" // name t
                        + "02" // one partition
                        + "00000003" // index 3
                        + "65" // 100 B of records
                        + GoldenBatch.IDEMPOTENT
                        + "00" // tagged fields of the partition
                        + "00" // tagged fields of the topic
                        + "00"); // tagged fields of the request
    }

    @Test
    @Tag("row-1")
    void transactionalProduce() {
        ProduceRequest request = produce("tx-1", GoldenBatch.TRANSACTIONAL);
        String body = "05 74782d31 ffff 00007530 02 02 74 02 00000003 65" + GoldenBatch.TRANSACTIONAL + "00 00 00";

        assertGolden(request, 11, "00000088 0000 000b 00000007 0002 6331 00" + body);
        assertGolden(request, 12, "00000088 0000 000c 00000007 0002 6331 00" + body);
        assertGolden(
                request,
                13,
                "00000096 0000 000d 00000007 0002 6331 00 05 74782d31 ffff 00007530 02"
                        + "0000000000000001 0000000000000002" // topic id in place of the name
                        + "02 00000003 65" + GoldenBatch.TRANSACTIONAL + "00 00 00");
    }

    @Test
    void findCoordinator() {
        FindCoordinatorRequest transaction = new FindCoordinatorRequest(CoordinatorType.TRANSACTION, List.of("tx-1"));

        assertGolden(transaction, 1, "00000013 000a 0001 00000004 0002 6331 0004 74782d31 01");
        assertGolden(transaction, 2, "00000013 000a 0002 00000004 0002 6331 0004 74782d31 01");
        assertGolden(transaction, 3, "00000014 000a 0003 00000004 0002 6331 00 05 74782d31 01 00");
        assertGolden(transaction, 4, "00000015 000a 0004 00000004 0002 6331 00 01 02 05 74782d31 00");
        assertGolden(transaction, 6, "00000015 000a 0006 00000004 0002 6331 00 01 02 05 74782d31 00");
        assertGolden(
                new FindCoordinatorRequest(CoordinatorType.GROUP, List.of("g")),
                0,
                "0000000f 000a 0000 00000004 0002 6331 0001 67");
    }

    @Test
    void addPartitionsToTxn() {
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest(
                "tx-1", 4_000, (short) 2, List.of(new TopicPartitions("t", List.of(0, 3))));

        assertGolden(
                request,
                1,
                "0000002f 0018 0001 00000005 0002 6331 0004 74782d31 0000000000000fa0 0002"
                        + "00000001 0001 74 00000002 00000000 00000003");
        assertGolden(
                request,
                3,
                "0000002a 0018 0003 00000005 0002 6331 00 05 74782d31 0000000000000fa0 0002"
                        + "02 02 74 03 00000000 00000003 00 00");
    }

    @Test
    void addOffsetsToTxn() {
        AddOffsetsToTxnRequest request = new AddOffsetsToTxnRequest("tx-1", 4_000, (short) 2, "g");
        String flexible = "00 05 74782d31 0000000000000fa0 0002 02 67 00";

        assertGolden(request, 1, "0000001f 0019 0001 00000006 0002 6331 0004 74782d31 0000000000000fa0 0002 0001 67");
        assertGolden(request, 3, "0000001f 0019 0003 00000006 0002 6331" + flexible);
        assertGolden(request, 4, "0000001f 0019 0004 00000006 0002 6331" + flexible);
    }

    @Test
    void txnOffsetCommit() {
        String classic = "0004 74782d31 0001 67 0000000000000fa0 0002"
                + "00000001 0002 696e 00000001 00000001 000000000000002a 00000005 0000";
        String flexible = "00 05 74782d31 02 67 0000000000000fa0 0002"
                + "00000009 02 6d 00" // generation 9, member m, no instance
                + "02 03 696e 02 00000001 000000000000002a 00000005 01 00 00 00";

        assertGolden(offsets(Member.NONE), 2, "0000003d 001c 0002 00000008 0002 6331" + classic);
        assertGolden(offsets(new Member(9, "m", null)), 3, "0000003e 001c 0003 00000008 0002 6331" + flexible);
        assertGolden(offsets(new Member(9, "m", null)), 5, "0000003e 001c 0005 00000008 0002 6331" + flexible);
    }

    @Test
    void endTxn() {
        EndTxnRequest commit = new EndTxnRequest("tx-1", 4_000, (short) 2, true);
        String flexible = "00 05 74782d31 0000000000000fa0 0002 01 00";

        assertGolden(commit, 1, "0000001d 001a 0001 00000009 0002 6331 0004 74782d31 0000000000000fa0 0002 01");
        assertGolden(commit, 3, "0000001e 001a 0003 00000009 0002 6331" + flexible);
        assertGolden(commit, 5, "0000001e 001a 0005 00000009 0002 6331" + flexible);
    }

    @Test
    void sasl() {
        SaslHandshakeRequest handshake = new SaslHandshakeRequest("PLAIN");
        SaslAuthenticateRequest token = new SaslAuthenticateRequest(bytes("00 75 00 70")); // user u, password p

        assertGolden(handshake, 0, "00000013 0011 0000 0000000a 0002 6331 0005 504c41494e");
        assertGolden(handshake, 1, "00000013 0011 0001 0000000a 0002 6331 0005 504c41494e");
        assertGolden(token, 0, "00000014 0024 0000 0000000b 0002 6331 00000004 00750070");
        assertGolden(token, 1, "00000014 0024 0001 0000000b 0002 6331 00000004 00750070");
        assertGolden(token, 2, "00000013 0024 0002 0000000b 0002 6331 00 05 00750070 00");
    }

    @Test
    void telemetry() {
        assertGolden(
                new GetTelemetrySubscriptionsRequest(new UUID(0, 0)),
                0,
                "0000001e 0047 0000 0000000c 0002 6331 00 00000000000000000000000000000000 00");
        assertGolden(
                new PushTelemetryRequest(new UUID(1, 2), 5, false, (byte) 0, new byte[] {1, 2}),
                0,
                "00000027 0048 0000 0000000d 0002 6331 00 0000000000000001 0000000000000002 00000005 00 00 03 0102 00");
    }

    @Test
    void joinsTheChunksOfABatch() {
        ByteBuffer batch = buffer(GoldenBatch.IDEMPOTENT);
        ByteBuffer first = batch.slice(0, 61);
        ByteBuffer second = batch.slice(61, 39);
        ProduceRequest chunked = new ProduceRequest(
                null,
                (short) -1,
                30_000,
                List.of(new TopicData("t", TOPIC_ID, List.of(new PartitionData(3, List.of(first, second), 100)))));

        assertThat(hex(RequestFrame.encode(chunked, (short) 9, 7, "c1")))
                .isEqualTo(hex(RequestFrame.encode(produce(null, GoldenBatch.IDEMPOTENT), (short) 9, 7, "c1")));
    }

    private static ProduceRequest produce(@Nullable String transactionalId, String batch) {
        return new ProduceRequest(
                transactionalId,
                (short) -1,
                30_000,
                List.of(new TopicData("t", TOPIC_ID, List.of(new PartitionData(3, List.of(buffer(batch)), 100)))));
    }

    private static TxnOffsetCommitRequest offsets(Member member) {
        TopicOffsets topic = new TopicOffsets("in", List.of(new PartitionOffset(1, 42, 5, "")));
        return new TxnOffsetCommitRequest("tx-1", "g", 4_000, (short) 2, member, List.of(topic));
    }

    private static void assertGolden(ApiRequest<?> request, int version, String golden) {
        WireReader in = new WireReader(buffer(golden).position(4));
        RequestHeader header = RequestHeader.read(in);
        assertThat(header.apiKey()).isEqualTo(request.apiKey().id());
        assertThat(header.apiVersion()).isEqualTo((short) version);
        assertThat(header.clientId()).isEqualTo("c1");

        assertThat(hex(RequestFrame.encode(request, header.apiVersion(), header.correlationId(), "c1")))
                .as("written")
                .isEqualTo(hex(bytes(golden)));

        ApiRequest<?> read = readBody(request, in, header.apiVersion());
        in.endFrame();
        assertThat(read).as("read").isEqualTo(asReadFrom(request, header.apiVersion()));
    }

    private static ApiRequest<?> readBody(ApiRequest<?> request, WireReader in, short version) {
        return switch (request.apiKey()) {
            case API_VERSIONS -> ApiVersionsRequest.read(in, version);
            case METADATA -> MetadataRequest.read(in, version);
            case INIT_PRODUCER_ID -> InitProducerIdRequest.read(in, version);
            case PRODUCE -> ProduceRequest.read(in, version);
            case FIND_COORDINATOR -> FindCoordinatorRequest.read(in, version);
            case ADD_PARTITIONS_TO_TXN -> AddPartitionsToTxnRequest.read(in, version);
            case ADD_OFFSETS_TO_TXN -> AddOffsetsToTxnRequest.read(in, version);
            case TXN_OFFSET_COMMIT -> TxnOffsetCommitRequest.read(in, version);
            case END_TXN -> EndTxnRequest.read(in, version);
            case SASL_HANDSHAKE -> SaslHandshakeRequest.read(in, version);
            case SASL_AUTHENTICATE -> SaslAuthenticateRequest.read(in, version);
            case GET_TELEMETRY_SUBSCRIPTIONS -> GetTelemetrySubscriptionsRequest.read(in, version);
            case PUSH_TELEMETRY -> PushTelemetryRequest.read(in, version);
        };
    }

    /** Topics have a name or an id on the wire, never both. */
    private static ApiRequest<?> asReadFrom(ApiRequest<?> request, short version) {
        if (!(request instanceof ProduceRequest produce)) {
            return request;
        }
        TopicData topic = produce.topics().get(0);
        TopicData onTheWire = version >= 13
                ? new TopicData("", topic.topicId(), topic.partitions())
                : new TopicData(topic.name(), TopicIds.UNKNOWN, topic.partitions());
        return new ProduceRequest(
                produce.transactionalId(), produce.acks(), produce.timeoutMillis(), List.of(onTheWire));
    }
}
