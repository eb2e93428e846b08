package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static dev.millrace.producer.internal.protocol.WireBytes.withoutSize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Broker;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Partition;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Topic;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.NodeEndpoint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.TopicResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GoldenResponsesTest {

    private static final UUID TOPIC_ID = new UUID(1, 2);

    @Test
    @Tag("row-1")
    void apiVersions() {
        List<ApiVersion> offered = List.of(
                new ApiVersion((short) 0, (short) 0, (short) 13), new ApiVersion((short) 18, (short) 0, (short) 4));
        ApiVersionsResponse plain = new ApiVersionsResponse(ErrorCode.NONE, offered, 0, -1, Map.of());

        assertGolden(plain, GoldenResponses.API_VERSIONS, 0, GoldenResponses.API_VERSIONS_V0);
        assertGolden(plain, GoldenResponses.API_VERSIONS, 3, GoldenResponses.API_VERSIONS_V3);
        // supported features are of no use to a producer, so this one is read only
        assertThat(read(GoldenResponses.API_VERSIONS, 4, GoldenResponses.API_VERSIONS_V4_WITH_FEATURES))
                .isEqualTo(new ApiVersionsResponse(
                        ErrorCode.NONE, offered, 0, 77, Map.of("transaction.version", (short) 2)));
    }

    @Test
    @Tag("row-6")
    void apiVersionsOfABrokerThatDoesNotKnowTheVersion() {
        ApiVersionsResponse fallback = new ApiVersionsResponse(
                ErrorCode.UNSUPPORTED_VERSION,
                List.of(new ApiVersion((short) 18, (short) 0, (short) 3)),
                0,
                -1,
                Map.of());

        for (int version = 0; version <= 4; version++) {
            assertGolden(fallback, GoldenResponses.API_VERSIONS, version, GoldenResponses.API_VERSIONS_FALLBACK);
        }
        assertThat(read(GoldenResponses.API_VERSIONS, 4, "00000001 0023 00000000")) // brokers below 2.4
                .isEqualTo(new ApiVersionsResponse(ErrorCode.UNSUPPORTED_VERSION, List.of(), 0, -1, Map.of()));
    }

    @Test
    @Tag("row-1")
    void metadata() {
        assertGolden(metadata(TopicIds.UNKNOWN, 4, "r"), GoldenResponses.METADATA, 9, GoldenResponses.METADATA_V9);
        assertGolden(metadata(TOPIC_ID), GoldenResponses.METADATA, 12, GoldenResponses.METADATA_V12);
        assertGolden(metadata(TOPIC_ID), GoldenResponses.METADATA, 13, GoldenResponses.METADATA_V13);
        assertGolden(
                new MetadataResponse(0, List.of(), null, -1, List.of(), ErrorCode.REBOOTSTRAP_REQUIRED),
                GoldenResponses.METADATA,
                13,
                GoldenResponses.METADATA_V13_REBOOTSTRAP);
    }

    @Test
    void metadataBelowNineDoesNotTrustLeaderEpochs() {
        MetadataResponse written = metadata(TopicIds.UNKNOWN);

        assertWritten(written, GoldenResponses.METADATA, 7, GoldenResponses.METADATA_V7);
        assertWritten(written, GoldenResponses.METADATA, 8, GoldenResponses.METADATA_V8);
        assertThat(read(GoldenResponses.METADATA, 7, GoldenResponses.METADATA_V7))
                .isEqualTo(metadata(TopicIds.UNKNOWN, -1, null));
        assertThat(read(GoldenResponses.METADATA, 8, GoldenResponses.METADATA_V8))
                .isEqualTo(metadata(TopicIds.UNKNOWN, -1, null));
    }

    @Test
    @Tag("row-1")
    void initProducerId() {
        InitProducerIdResponse response = new InitProducerIdResponse(0, ErrorCode.NONE, 4_000, (short) 0);

        assertGolden(response, GoldenResponses.INIT_PRODUCER_ID, 1, GoldenResponses.INIT_PRODUCER_ID_V1);
        for (int version = 2; version <= 5; version++) {
            assertGolden(response, GoldenResponses.INIT_PRODUCER_ID, version, GoldenResponses.INIT_PRODUCER_ID_V2);
        }
    }

    @Test
    @Tag("row-1")
    void produceThatIsAppended() {
        PartitionResult appended = new PartitionResult(3, ErrorCode.NONE, 100, -1, 0, List.of(), null, LeaderHint.NONE);
        ProduceResponse byName = produce("t", TopicIds.UNKNOWN, appended, List.of());

        assertGolden(byName, GoldenResponses.PRODUCE, 7, GoldenResponses.PRODUCE_V7);
        assertGolden(byName, GoldenResponses.PRODUCE, 8, GoldenResponses.PRODUCE_V8);
        assertGolden(byName, GoldenResponses.PRODUCE, 9, GoldenResponses.PRODUCE_V9);
        assertGolden(byName, GoldenResponses.PRODUCE, 10, GoldenResponses.PRODUCE_V9);
        assertGolden(
                produce("", TOPIC_ID, appended, List.of()), GoldenResponses.PRODUCE, 13, GoldenResponses.PRODUCE_V13);
    }

    @Test
    void produceWithRecordErrors() {
        ProduceResponse refused =
                produce("t", TopicIds.UNKNOWN, failed(ErrorCode.INVALID_RECORD, "bad", LeaderHint.NONE), List.of());

        assertGolden(refused, GoldenResponses.PRODUCE, 8, GoldenResponses.PRODUCE_V8_RECORD_ERRORS);
        assertGolden(refused, GoldenResponses.PRODUCE, 9, GoldenResponses.PRODUCE_V9_RECORD_ERRORS);
    }

    @Test
    void produceWithALeaderHint() {
        ProduceResponse moved = produce(
                "t",
                TopicIds.UNKNOWN,
                failed(ErrorCode.NOT_LEADER_OR_FOLLOWER, null, new LeaderHint(2, 5)),
                List.of(new NodeEndpoint(2, "b2", 9_093, null)));

        assertGolden(moved, GoldenResponses.PRODUCE, 10, GoldenResponses.PRODUCE_V10_NOT_LEADER);
    }

    @Test
    void hintsBelowVersionTenAreUnknownTags() {
        ProduceResponse read = read(GoldenResponses.PRODUCE, 9, GoldenResponses.PRODUCE_V10_NOT_LEADER);

        assertThat(read.nodeEndpoints()).isEmpty();
        assertThat(read.topics().get(0).partitions().get(0).currentLeader()).isEqualTo(LeaderHint.NONE);
    }

    /** 8. */
    @Test
    @Tag("row-8")
    void unknownTagsAreSkippedInEveryStruct() {
        String crafted = "00000007"
                + "01 05 02 abcd" // header: tag 5
                + "02 02 74 02 00000003 0000 0000000000000064 ffffffffffffffff 0000000000000000 01 00"
                + "02 01 01 ff 07 03 010203" // partition: tags 1 and 7
                + "01 63 00" // topic: tag 99, empty
                + "00000000"
                + "01 8001 02 beef"; // response: tag 128

        assertThat(read(GoldenResponses.PRODUCE, 10, crafted))
                .isEqualTo(read(GoldenResponses.PRODUCE, 10, GoldenResponses.PRODUCE_V9));
    }

    private static MetadataResponse metadata(UUID topicId) {
        return metadata(topicId, 4, null);
    }

    private static MetadataResponse metadata(UUID topicId, int leaderEpoch, @Nullable String rack) {
        Partition partition =
                new Partition(ErrorCode.NONE, 0, 1, leaderEpoch, new int[] {1}, new int[] {1}, new int[0]);
        return new MetadataResponse(
                0,
                List.of(new Broker(1, "b1", 9_092, rack)),
                "cid",
                1,
                List.of(new Topic(ErrorCode.NONE, "t", topicId, false, List.of(partition))),
                ErrorCode.NONE);
    }

    private static PartitionResult failed(ErrorCode error, @Nullable String message, LeaderHint currentLeader) {
        List<RecordError> recordErrors = message == null ? List.of() : List.of(new RecordError(1, "no key"));
        return new PartitionResult(3, error, -1, -1, -1, recordErrors, message, currentLeader);
    }

    private static ProduceResponse produce(
            String name, UUID topicId, PartitionResult partition, List<NodeEndpoint> endpoints) {
        return new ProduceResponse(List.of(new TopicResult(name, topicId, List.of(partition))), 0, endpoints);
    }

    private static <R> void assertGolden(R response, ApiRequest<R> request, int version, String golden) {
        assertThat(read(request, version, golden)).as("read v" + version).isEqualTo(response);
        assertWritten(response, request, version, golden);
    }

    private static void assertWritten(Object response, ApiRequest<?> request, int version, String golden) {
        int correlationId = buffer(golden).getInt();
        ByteBuffer written = withoutSize(
                ResponseFrame.encode(request.apiKey(), (short) version, correlationId, out -> writer(response)
                        .accept(out, (short) version)));
        assertThat(written).as("written v" + version).isEqualTo(buffer(golden));
    }

    private static <R> R read(ApiRequest<R> request, int version, String golden) {
        ByteBuffer frame = buffer(golden);
        ResponseFrame.readCorrelationId(frame);
        return ResponseFrame.decode(frame, request, (short) version);
    }

    private static BiConsumer<WireWriter, Short> writer(Object response) {
        if (response instanceof ApiVersionsResponse apiVersions) {
            return apiVersions::write;
        } else if (response instanceof MetadataResponse metadata) {
            return metadata::write;
        } else if (response instanceof InitProducerIdResponse initProducerId) {
            return initProducerId::write;
        } else {
            return ((ProduceResponse) response)::write;
        }
    }
}
