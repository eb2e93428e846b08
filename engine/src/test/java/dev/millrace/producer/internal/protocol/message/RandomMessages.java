package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest.TopicPartitions;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Broker;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Partition;
import dev.millrace.producer.internal.protocol.message.MetadataResponse.Topic;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.PartitionData;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.TopicData;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.NodeEndpoint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.TopicResult;
import dev.millrace.producer.internal.protocol.message.TopicErrors.PartitionError;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.Member;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.PartitionOffset;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.TopicOffsets;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Random messages that hold what a version can carry, and defaults where it carries nothing. */
final class RandomMessages {

    private static final List<ErrorCode> ERRORS = List.of(ErrorCode.values());

    private final Random random;

    RandomMessages(Random random) {
        this.random = random;
    }

    ApiVersionsRequest apiVersionsRequest(short version) {
        return version >= 3 ? new ApiVersionsRequest(text(), text()) : new ApiVersionsRequest("", "");
    }

    ApiVersionsResponse apiVersionsResponse(short version) {
        List<ApiVersion> offered = list(() -> new ApiVersion(int16(), int16(), int16()));
        ErrorCode error = error();
        if (error == ErrorCode.UNSUPPORTED_VERSION) {
            return new ApiVersionsResponse(error, offered, 0, -1, Map.of());
        }
        Map<String, Short> features = new HashMap<>();
        if (version >= 3) {
            list(this::text).forEach(name -> features.put(name, int16()));
        }
        long epoch = version >= 3 && random.nextBoolean() ? random.nextLong() : -1;
        return new ApiVersionsResponse(error, offered, version >= 1 ? random.nextInt() : 0, epoch, features);
    }

    MetadataRequest metadataRequest() {
        return new MetadataRequest(random.nextInt(4) == 0 ? null : list(this::text), random.nextBoolean());
    }

    MetadataResponse metadataResponse(short version) {
        return new MetadataResponse(
                random.nextInt(),
                list(() -> new Broker(random.nextInt(), text(), random.nextInt(), nullableText())),
                nullableText(),
                random.nextInt(),
                list(() -> topic(version)),
                version >= 13 ? error() : ErrorCode.NONE);
    }

    InitProducerIdRequest initProducerIdRequest(short version) {
        return version >= 3
                ? new InitProducerIdRequest(nullableText(), random.nextInt(), random.nextLong(), int16())
                : new InitProducerIdRequest(nullableText(), random.nextInt(), -1, (short) -1);
    }

    InitProducerIdResponse initProducerIdResponse() {
        return new InitProducerIdResponse(random.nextInt(), error(), random.nextLong(), int16());
    }

    ProduceRequest produceRequest(short version) {
        return new ProduceRequest(
                nullableText(),
                int16(),
                random.nextInt(),
                list(() -> new TopicData(topicName(version), topicId(version), list(this::partitionData))));
    }

    ProduceResponse produceResponse(short version) {
        return new ProduceResponse(
                list(() -> new TopicResult(topicName(version), topicId(version), list(() -> partitionResult(version)))),
                random.nextInt(),
                version >= 10
                        ? list(() -> new NodeEndpoint(random.nextInt(), text(), random.nextInt(), nullableText()))
                        : List.of());
    }

    FindCoordinatorRequest findCoordinatorRequest(short version) {
        return new FindCoordinatorRequest(
                version >= 1 && random.nextBoolean() ? CoordinatorType.TRANSACTION : CoordinatorType.GROUP,
                version >= 4 ? list(this::text) : List.of(text()));
    }

    /** An answer to a request; below v4 it is about the one key of the request. */
    FindCoordinatorResponse findCoordinatorResponse(FindCoordinatorRequest request, short version) {
        return new FindCoordinatorResponse(
                version >= 1 ? random.nextInt() : 0,
                version >= 4
                        ? list(() -> coordinator(text(), version))
                        : List.of(coordinator(request.keys().get(0), version)));
    }

    AddPartitionsToTxnRequest addPartitionsToTxnRequest() {
        return new AddPartitionsToTxnRequest(
                text(), random.nextLong(), int16(), list(() -> new TopicPartitions(text(), list(random::nextInt))));
    }

    AddPartitionsToTxnResponse addPartitionsToTxnResponse() {
        return new AddPartitionsToTxnResponse(random.nextInt(), list(this::topicErrors));
    }

    AddOffsetsToTxnRequest addOffsetsToTxnRequest() {
        return new AddOffsetsToTxnRequest(text(), random.nextLong(), int16(), text());
    }

    AddOffsetsToTxnResponse addOffsetsToTxnResponse() {
        return new AddOffsetsToTxnResponse(random.nextInt(), error());
    }

    TxnOffsetCommitRequest txnOffsetCommitRequest(short version) {
        return new TxnOffsetCommitRequest(
                text(),
                text(),
                random.nextLong(),
                int16(),
                version >= 3 ? new Member(random.nextInt(), text(), nullableText()) : Member.NONE,
                list(() -> new TopicOffsets(text(), list(() -> partitionOffset(version)))));
    }

    TxnOffsetCommitResponse txnOffsetCommitResponse() {
        return new TxnOffsetCommitResponse(random.nextInt(), list(this::topicErrors));
    }

    EndTxnRequest endTxnRequest() {
        return new EndTxnRequest(text(), random.nextLong(), int16(), random.nextBoolean());
    }

    EndTxnResponse endTxnResponse(short version) {
        return version >= 5
                ? new EndTxnResponse(random.nextInt(), error(), random.nextLong(), int16())
                : new EndTxnResponse(random.nextInt(), error(), -1, (short) -1);
    }

    SaslHandshakeRequest saslHandshakeRequest() {
        return new SaslHandshakeRequest(text());
    }

    SaslHandshakeResponse saslHandshakeResponse() {
        return new SaslHandshakeResponse(error(), list(this::text));
    }

    SaslAuthenticateRequest saslAuthenticateRequest() {
        return new SaslAuthenticateRequest(token());
    }

    SaslAuthenticateResponse saslAuthenticateResponse(short version) {
        return new SaslAuthenticateResponse(error(), nullableText(), token(), version >= 1 ? random.nextLong() : 0);
    }

    GetTelemetrySubscriptionsRequest getTelemetrySubscriptionsRequest() {
        return new GetTelemetrySubscriptionsRequest(uuid());
    }

    GetTelemetrySubscriptionsResponse getTelemetrySubscriptionsResponse() {
        return new GetTelemetrySubscriptionsResponse(
                random.nextInt(),
                error(),
                uuid(),
                random.nextInt(),
                list(() -> (byte) random.nextInt()),
                random.nextInt(),
                random.nextInt(),
                random.nextBoolean(),
                list(this::text));
    }

    PushTelemetryRequest pushTelemetryRequest() {
        return new PushTelemetryRequest(
                uuid(), random.nextInt(), random.nextBoolean(), (byte) random.nextInt(), token());
    }

    PushTelemetryResponse pushTelemetryResponse() {
        return new PushTelemetryResponse(random.nextInt(), error());
    }

    private Coordinator coordinator(String key, short version) {
        return new Coordinator(
                key, random.nextInt(), text(), random.nextInt(), error(), version >= 1 ? nullableText() : null);
    }

    private TopicErrors topicErrors() {
        return new TopicErrors(text(), list(() -> new PartitionError(random.nextInt(), error())));
    }

    private PartitionOffset partitionOffset(short version) {
        return new PartitionOffset(
                random.nextInt(), random.nextLong(), version >= 2 ? random.nextInt() : -1, nullableText());
    }

    private Topic topic(short version) {
        return new Topic(
                error(),
                version >= 12 ? nullableText() : text(),
                version >= 10 ? uuid() : TopicIds.UNKNOWN,
                random.nextBoolean(),
                list(() -> new Partition(
                        error(),
                        random.nextInt(),
                        random.nextInt(),
                        version >= 9 ? random.nextInt() : -1,
                        nodes(),
                        nodes(),
                        nodes())));
    }

    private PartitionData partitionData() {
        byte[] batch = new byte[random.nextInt(300)];
        random.nextBytes(batch);
        return new PartitionData(random.nextInt(), List.of(ByteBuffer.wrap(batch)), batch.length);
    }

    private PartitionResult partitionResult(short version) {
        return new PartitionResult(
                random.nextInt(),
                error(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                version >= 8 ? list(() -> new RecordError(random.nextInt(), nullableText())) : List.of(),
                version >= 8 ? nullableText() : null,
                version >= 10 && random.nextBoolean()
                        ? new LeaderHint(random.nextInt(), random.nextInt())
                        : LeaderHint.NONE);
    }

    private String topicName(short version) {
        return version >= 13 ? "" : text();
    }

    private UUID topicId(short version) {
        return version >= 13 ? uuid() : TopicIds.UNKNOWN;
    }

    private <T> List<T> list(Supplier<T> element) {
        // around 127 elements the compact length grows to two bytes
        int size = random.nextInt(50) == 0 ? 126 + random.nextInt(4) : random.nextInt(4);
        return Stream.generate(element).limit(size).toList();
    }

    private String text() {
        int length = random.nextInt(20) == 0 ? 120 + random.nextInt(20) : random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    switch (random.nextInt(8)) {
                        case 0 -> 0xe9;
                        case 1 -> 0x4e2d;
                        case 2 -> 0x1f600;
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }

    private @Nullable String nullableText() {
        return random.nextInt(3) == 0 ? null : text();
    }

    private int[] nodes() {
        return random.ints(random.nextInt(5)).toArray();
    }

    private byte[] token() {
        byte[] token = new byte[random.nextInt(300)];
        random.nextBytes(token);
        return token;
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private ErrorCode error() {
        return ERRORS.get(random.nextInt(ERRORS.size()));
    }

    private short int16() {
        return (short) random.nextInt();
    }
}
