package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.AllocatedBytes;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.VersionRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Every decoder of responses in every version: it succeeds or says that the response is malformed, and allocates no more than
 * a few times the frame. The first byte of an input chooses the API, the second the version; the rest is what follows the
 * correlation id.
 */
public final class ResponseFuzz {

    private static final int SELECTION_BYTES = 2;
    private static final int ALLOCATED_IN_ANY_CASE = 16 << 10; // an exception with its stack trace
    private static final int ALLOCATED_PER_BYTE =
            128; // the fuzzer's instrumentation counts, too: two thirds of it or more

    private static final List<ApiKey> KEYS = List.of(ApiKey.values());

    private ResponseFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < SELECTION_BYTES) {
            return;
        }
        ApiKey key = KEYS.get((data[0] & 0xff) % KEYS.size());
        VersionRange versions = key.versions();
        short version = (short) (versions.min() + (data[1] & 0xff) % (versions.max() - versions.min() + 1));
        ByteBuffer frame = ByteBuffer.wrap(data, SELECTION_BYTES, data.length - SELECTION_BYTES);
        long bound = ALLOCATED_IN_ANY_CASE + (long) ALLOCATED_PER_BYTE * data.length;
        ApiRequest<?> request = request(key);
        long allocated = AllocatedBytes.ofEither(bound, () -> decode(frame.duplicate(), request, version));
        if (allocated > bound) {
            throw new IllegalStateException(key + " v" + version + " allocates " + allocated + " B for " + data.length);
        }
        if (decode(frame, request, version) instanceof ApiVersionsResponse offered) {
            choose(NegotiatedVersions.of(offered));
        }
    }

    /** The response, null if it is malformed. */
    private static @Nullable Object decode(ByteBuffer frame, ApiRequest<?> request, short version) {
        try {
            return ResponseFrame.decode(frame, request, version);
        } catch (MalformedResponseException expected) {
            return null;
        }
    }

    private static void choose(NegotiatedVersions offered) {
        for (ApiKey key : ApiKey.values()) {
            try {
                short chosen = offered.choose(key);
                if (!key.versions().contains(chosen)) {
                    throw new IllegalStateException("chooses " + chosen + " of " + key);
                }
            } catch (UnsupportedApiException expected) {
                // what the broker does not offer is refused, which is right
            }
        }
    }

    private static ApiRequest<?> request(ApiKey key) {
        return switch (key) {
            case PRODUCE -> GoldenResponses.PRODUCE;
            case METADATA -> GoldenResponses.METADATA;
            case FIND_COORDINATOR -> new FindCoordinatorRequest(CoordinatorType.TRANSACTION, List.of("tx"));
            case SASL_HANDSHAKE -> new SaslHandshakeRequest("PLAIN");
            case API_VERSIONS -> GoldenResponses.API_VERSIONS;
            case INIT_PRODUCER_ID -> GoldenResponses.INIT_PRODUCER_ID;
            case ADD_PARTITIONS_TO_TXN -> new AddPartitionsToTxnRequest("tx", 1, (short) 0, List.of());
            case ADD_OFFSETS_TO_TXN -> new AddOffsetsToTxnRequest("tx", 1, (short) 0, "group");
            case END_TXN -> new EndTxnRequest("tx", 1, (short) 0, true);
            case TXN_OFFSET_COMMIT ->
                new TxnOffsetCommitRequest("tx", "group", 1, (short) 0, TxnOffsetCommitRequest.Member.NONE, List.of());
            case SASL_AUTHENTICATE -> new SaslAuthenticateRequest(new byte[0]);
            case GET_TELEMETRY_SUBSCRIPTIONS -> new GetTelemetrySubscriptionsRequest(new UUID(0, 0));
            case PUSH_TELEMETRY -> new PushTelemetryRequest(new UUID(0, 0), 1, false, (byte) 0, new byte[0]);
        };
    }
}
