package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static dev.millrace.producer.internal.protocol.WireBytes.withoutSize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.millrace.producer.internal.protocol.message.TopicErrors.PartitionError;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class GoldenTransactionResponsesTest {

    @Test
    void findCoordinator() {
        FindCoordinatorResponse found =
                new FindCoordinatorResponse(0, List.of(new Coordinator("tx-1", 1, "b1", 9_092, ErrorCode.NONE, null)));
        ApiRequest<FindCoordinatorResponse> request = GoldenTransactionResponses.FIND_COORDINATOR;

        for (int version = 1; version <= 2; version++) {
            assertGolden(found, found::write, request, version, GoldenTransactionResponses.FIND_COORDINATOR_V1);
        }
        assertGolden(found, found::write, request, 3, GoldenTransactionResponses.FIND_COORDINATOR_V3);
        for (int version = 4; version <= 6; version++) {
            assertGolden(found, found::write, request, version, GoldenTransactionResponses.FIND_COORDINATOR_V4);
        }
    }

    @Test
    void oneCoordinatorAtATimeBelowVersionFour() {
        FindCoordinatorResponse none = new FindCoordinatorResponse(0, List.of());

        assertThatIllegalArgumentException().isThrownBy(() -> none.write(new WireWriter(), (short) 3));
    }

    @Test
    void addPartitionsToTxn() {
        AddPartitionsToTxnResponse added = new AddPartitionsToTxnResponse(0, topic("t", 0));
        ApiRequest<AddPartitionsToTxnResponse> request = GoldenTransactionResponses.ADD_PARTITIONS;

        for (int version = 0; version <= 2; version++) {
            assertGolden(added, added::write, request, version, GoldenTransactionResponses.ADD_PARTITIONS_V1);
        }
        assertGolden(added, added::write, request, 3, GoldenTransactionResponses.ADD_PARTITIONS_V3);
    }

    @Test
    void addOffsetsToTxn() {
        AddOffsetsToTxnResponse added = new AddOffsetsToTxnResponse(0, ErrorCode.NONE);
        ApiRequest<AddOffsetsToTxnResponse> request = GoldenTransactionResponses.ADD_OFFSETS;

        assertGolden(added, added::write, request, 1, GoldenTransactionResponses.ADD_OFFSETS_V1);
        assertGolden(added, added::write, request, 3, GoldenTransactionResponses.ADD_OFFSETS_V3);
        assertGolden(added, added::write, request, 4, GoldenTransactionResponses.ADD_OFFSETS_V3);
    }

    @Test
    void txnOffsetCommit() {
        TxnOffsetCommitResponse committed = new TxnOffsetCommitResponse(0, topic("in", 1));
        ApiRequest<TxnOffsetCommitResponse> request = GoldenTransactionResponses.OFFSET_COMMIT;

        for (int version = 0; version <= 2; version++) {
            assertGolden(committed, committed::write, request, version, GoldenTransactionResponses.OFFSET_COMMIT_V2);
        }
        for (int version = 3; version <= 5; version++) {
            assertGolden(committed, committed::write, request, version, GoldenTransactionResponses.OFFSET_COMMIT_V3);
        }
    }

    @Test
    void endTxn() {
        EndTxnResponse kept = new EndTxnResponse(0, ErrorCode.NONE, -1, (short) -1);
        EndTxnResponse raised = new EndTxnResponse(0, ErrorCode.NONE, 4_000, (short) 3);
        ApiRequest<EndTxnResponse> request = GoldenTransactionResponses.END_TXN;

        assertGolden(kept, kept::write, request, 1, GoldenTransactionResponses.END_TXN_V1);
        assertGolden(kept, kept::write, request, 4, GoldenTransactionResponses.END_TXN_V4);
        assertGolden(raised, raised::write, request, 5, GoldenTransactionResponses.END_TXN_V5);
    }

    @Test
    void saslHandshake() {
        SaslHandshakeResponse accepted = new SaslHandshakeResponse(ErrorCode.NONE, List.of("PLAIN", "SCRAM-SHA-256"));
        ApiRequest<SaslHandshakeResponse> request = GoldenTransactionResponses.HANDSHAKE;

        assertGolden(accepted, accepted::write, request, 0, GoldenTransactionResponses.HANDSHAKE_V1);
        assertGolden(accepted, accepted::write, request, 1, GoldenTransactionResponses.HANDSHAKE_V1);
    }

    @Test
    void saslAuthenticate() {
        SaslAuthenticateResponse forever = new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[0], 0);
        SaslAuthenticateResponse forAnHour = new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[0], 3_600_000);
        SaslAuthenticateResponse refused = new SaslAuthenticateResponse(
                ErrorCode.SASL_AUTHENTICATION_FAILED, "Authentication failed", new byte[0], 0);
        ApiRequest<SaslAuthenticateResponse> request = GoldenTransactionResponses.AUTHENTICATE;

        assertGolden(forever, forever::write, request, 0, GoldenTransactionResponses.AUTHENTICATE_V0);
        assertGolden(forAnHour, forAnHour::write, request, 1, GoldenTransactionResponses.AUTHENTICATE_V1);
        assertGolden(forAnHour, forAnHour::write, request, 2, GoldenTransactionResponses.AUTHENTICATE_V2);
        assertGolden(refused, refused::write, request, 1, GoldenTransactionResponses.AUTHENTICATE_V1_FAILED);
    }

    @Test
    void telemetry() {
        GetTelemetrySubscriptionsResponse subscription = new GetTelemetrySubscriptionsResponse(
                0,
                ErrorCode.NONE,
                new UUID(1, 2),
                5,
                List.of((byte) 4, (byte) 1),
                30_000,
                1 << 20,
                true,
                List.of("org."));
        PushTelemetryResponse tooLarge = new PushTelemetryResponse(2_000, ErrorCode.TELEMETRY_TOO_LARGE);

        assertGolden(
                subscription,
                subscription::write,
                GoldenTransactionResponses.GET_SUBSCRIPTIONS,
                0,
                GoldenTransactionResponses.GET_SUBSCRIPTIONS_V0);
        assertGolden(
                tooLarge,
                tooLarge::write,
                GoldenTransactionResponses.PUSH_TELEMETRY,
                0,
                GoldenTransactionResponses.PUSH_TELEMETRY_V0);
    }

    private static List<TopicErrors> topic(String name, int partition) {
        return List.of(new TopicErrors(name, List.of(new PartitionError(partition, ErrorCode.NONE))));
    }

    private static <R> void assertGolden(
            R response, BiConsumer<WireWriter, Short> write, ApiRequest<R> request, int version, String golden) {
        ByteBuffer frame = buffer(golden);
        int correlationId = ResponseFrame.readCorrelationId(frame);
        assertThat(ResponseFrame.decode(frame, request, (short) version))
                .as("read v" + version)
                .isEqualTo(response);

        ByteBuffer written = withoutSize(ResponseFrame.encode(
                request.apiKey(), (short) version, correlationId, out -> write.accept(out, (short) version)));
        assertThat(written).as("written v" + version).isEqualTo(buffer(golden));
    }
}
