package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static dev.millrace.producer.internal.protocol.WireBytes.withoutSize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.RequestFrame;
import dev.millrace.producer.internal.protocol.RequestHeader;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

/**
 * Random messages in all versions come back as they were, and the reference codec (kafka-clients 4.3.1) reads them and
 * writes the same bytes.
 */
class MessageRoundTripProperty {

    private static final int MESSAGES_PER_VERSION = 300;
    private static final int CORRELATION_ID = 7;
    private static final String CLIENT_ID = "c1";

    private final long seed = new Random().nextLong();
    private final RandomMessages messages = new RandomMessages(new Random(seed));

    @Test
    void apiVersions() {
        forEachVersion(ApiKey.API_VERSIONS, version -> {
            ApiVersionsRequest request = messages.apiVersionsRequest(version);
            ApiVersionsResponse response = messages.apiVersionsResponse(version);

            assertRequest(request, version, ApiVersionsRequest::read, ApiVersionsRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            if (response.error() != ErrorCode.UNSUPPORTED_VERSION) { // the reference falls back outside its codec
                assertReference(body, version, ApiVersionsResponseData::new);
            }
        });
    }

    @Test
    void metadata() {
        forEachVersion(ApiKey.METADATA, version -> {
            MetadataRequest request = messages.metadataRequest();
            MetadataResponse response = messages.metadataResponse(version);

            assertRequest(request, version, MetadataRequest::read, MetadataRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, MetadataResponseData::new);
        });
    }

    @Test
    void initProducerId() {
        forEachVersion(ApiKey.INIT_PRODUCER_ID, version -> {
            InitProducerIdRequest request = messages.initProducerIdRequest(version);
            InitProducerIdResponse response = messages.initProducerIdResponse();

            assertRequest(request, version, InitProducerIdRequest::read, InitProducerIdRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, InitProducerIdResponseData::new);
        });
    }

    @Test
    void produce() {
        forEachVersion(ApiKey.PRODUCE, version -> {
            ProduceRequest request = messages.produceRequest(version);
            ProduceResponse response = messages.produceResponse(version);

            assertRequest(request, version, ProduceRequest::read, ProduceRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, ProduceResponseData::new);
        });
    }

    @Test
    void findCoordinator() {
        forEachVersion(ApiKey.FIND_COORDINATOR, version -> {
            FindCoordinatorRequest request = messages.findCoordinatorRequest(version);
            FindCoordinatorResponse response = messages.findCoordinatorResponse(request, version);

            assertRequest(request, version, FindCoordinatorRequest::read, FindCoordinatorRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, FindCoordinatorResponseData::new);
        });
    }

    @Test
    void addPartitionsToTxn() {
        forEachVersion(ApiKey.ADD_PARTITIONS_TO_TXN, version -> {
            AddPartitionsToTxnRequest request = messages.addPartitionsToTxnRequest();
            AddPartitionsToTxnResponse response = messages.addPartitionsToTxnResponse();

            assertRequest(request, version, AddPartitionsToTxnRequest::read, AddPartitionsToTxnRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, AddPartitionsToTxnResponseData::new);
        });
    }

    @Test
    void addOffsetsToTxn() {
        forEachVersion(ApiKey.ADD_OFFSETS_TO_TXN, version -> {
            AddOffsetsToTxnRequest request = messages.addOffsetsToTxnRequest();
            AddOffsetsToTxnResponse response = messages.addOffsetsToTxnResponse();

            assertRequest(request, version, AddOffsetsToTxnRequest::read, AddOffsetsToTxnRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, AddOffsetsToTxnResponseData::new);
        });
    }

    @Test
    void txnOffsetCommit() {
        forEachVersion(ApiKey.TXN_OFFSET_COMMIT, version -> {
            TxnOffsetCommitRequest request = messages.txnOffsetCommitRequest(version);
            TxnOffsetCommitResponse response = messages.txnOffsetCommitResponse();

            assertRequest(request, version, TxnOffsetCommitRequest::read, TxnOffsetCommitRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, TxnOffsetCommitResponseData::new);
        });
    }

    @Test
    void endTxn() {
        forEachVersion(ApiKey.END_TXN, version -> {
            EndTxnRequest request = messages.endTxnRequest();
            EndTxnResponse response = messages.endTxnResponse(version);

            assertRequest(request, version, EndTxnRequest::read, EndTxnRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, EndTxnResponseData::new);
        });
    }

    @Test
    void saslHandshake() {
        forEachVersion(ApiKey.SASL_HANDSHAKE, version -> {
            SaslHandshakeRequest request = messages.saslHandshakeRequest();
            SaslHandshakeResponse response = messages.saslHandshakeResponse();

            assertRequest(request, version, SaslHandshakeRequest::read, SaslHandshakeRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, SaslHandshakeResponseData::new);
        });
    }

    @Test
    void saslAuthenticate() {
        forEachVersion(ApiKey.SASL_AUTHENTICATE, version -> {
            SaslAuthenticateRequest request = messages.saslAuthenticateRequest();
            SaslAuthenticateResponse response = messages.saslAuthenticateResponse(version);

            assertRequest(request, version, SaslAuthenticateRequest::read, SaslAuthenticateRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, SaslAuthenticateResponseData::new);
        });
    }

    @Test
    void getTelemetrySubscriptions() {
        forEachVersion(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, version -> {
            GetTelemetrySubscriptionsRequest request = messages.getTelemetrySubscriptionsRequest();
            GetTelemetrySubscriptionsResponse response = messages.getTelemetrySubscriptionsResponse();

            assertRequest(
                    request,
                    version,
                    GetTelemetrySubscriptionsRequest::read,
                    GetTelemetrySubscriptionsRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, GetTelemetrySubscriptionsResponseData::new);
        });
    }

    @Test
    void pushTelemetry() {
        forEachVersion(ApiKey.PUSH_TELEMETRY, version -> {
            PushTelemetryRequest request = messages.pushTelemetryRequest();
            PushTelemetryResponse response = messages.pushTelemetryResponse();

            assertRequest(request, version, PushTelemetryRequest::read, PushTelemetryRequestData::new);
            ByteBuffer body = assertResponse(request, version, response, out -> response.write(out, version));
            assertReference(body, version, PushTelemetryResponseData::new);
        });
    }

    private static void forEachVersion(ApiKey key, Consumer<Short> check) {
        for (short version = key.versions().min(); version <= key.versions().max(); version++) {
            for (int i = 0; i < MESSAGES_PER_VERSION; i++) {
                check.accept(version);
            }
        }
    }

    private <T extends ApiRequest<?>> void assertRequest(
            T request,
            short version,
            BiFunction<WireReader, Short, T> read,
            BiFunction<ByteBufferAccessor, Short, ApiMessage> reference) {
        ByteBuffer frame = withoutSize(RequestFrame.encode(request, version, CORRELATION_ID, CLIENT_ID));
        WireReader in = new WireReader(frame);
        assertThat(RequestHeader.read(in))
                .isEqualTo(new RequestHeader(request.apiKey().id(), version, CORRELATION_ID, CLIENT_ID));
        ByteBuffer body = frame.slice();
        assertThat(read.apply(in, version)).as(describe(version)).isEqualTo(request);
        in.endFrame();
        assertReference(body, version, reference);
    }

    /** Returns the body. */
    private <R> ByteBuffer assertResponse(
            ApiRequest<R> request, short version, R response, Consumer<WireWriter> write) {
        ApiKey key = request.apiKey();
        ByteBuffer frame = withoutSize(ResponseFrame.encode(key, version, CORRELATION_ID, write));
        assertThat(ResponseFrame.readCorrelationId(frame)).isEqualTo(CORRELATION_ID);
        ByteBuffer body = frame.slice();
        if (key.hasFlexibleResponseHeader(version)) {
            assertThat(body.get()).isZero();
        }
        assertThat(ResponseFrame.decode(frame, request, version))
                .as(describe(version))
                .isEqualTo(response);
        return body.slice();
    }

    private void assertReference(
            ByteBuffer body, short version, BiFunction<ByteBufferAccessor, Short, ApiMessage> reference) {
        ByteBuffer ours = body.duplicate();
        ApiMessage message = reference.apply(new ByteBufferAccessor(ours), version);
        assertThat(ours.hasRemaining()).as(describe(version)).isFalse();
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer theirs = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(theirs), cache, version);
        assertThat(hex(theirs.array())).as(describe(version)).isEqualTo(hex(bytesOf(body)));
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private String describe(short version) {
        return "version " + version + ", seed " + seed;
    }
}
