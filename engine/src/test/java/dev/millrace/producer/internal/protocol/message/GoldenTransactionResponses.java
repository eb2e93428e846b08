package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.message.GoldenResponses.Golden;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.Member;
import java.util.List;
import java.util.UUID;

/** As {@link GoldenResponses}, for the APIs of transactions, SASL and telemetry. */
final class GoldenTransactionResponses {

    static final ApiRequest<FindCoordinatorResponse> FIND_COORDINATOR =
            new FindCoordinatorRequest(CoordinatorType.TRANSACTION, List.of("tx-1"));
    static final ApiRequest<AddPartitionsToTxnResponse> ADD_PARTITIONS =
            new AddPartitionsToTxnRequest("tx-1", 4_000, (short) 2, List.of());
    static final ApiRequest<AddOffsetsToTxnResponse> ADD_OFFSETS =
            new AddOffsetsToTxnRequest("tx-1", 4_000, (short) 2, "g");
    static final ApiRequest<TxnOffsetCommitResponse> OFFSET_COMMIT =
            new TxnOffsetCommitRequest("tx-1", "g", 4_000, (short) 2, Member.NONE, List.of());
    static final ApiRequest<EndTxnResponse> END_TXN = new EndTxnRequest("tx-1", 4_000, (short) 2, true);
    static final ApiRequest<SaslHandshakeResponse> HANDSHAKE = new SaslHandshakeRequest("PLAIN");
    static final ApiRequest<SaslAuthenticateResponse> AUTHENTICATE = new SaslAuthenticateRequest(new byte[0]);
    static final ApiRequest<GetTelemetrySubscriptionsResponse> GET_SUBSCRIPTIONS =
            new GetTelemetrySubscriptionsRequest(new UUID(0, 0));
    static final ApiRequest<PushTelemetryResponse> PUSH_TELEMETRY =
            new PushTelemetryRequest(new UUID(1, 2), 5, false, (byte) 0, new byte[0]);

    static final String FIND_COORDINATOR_V1 = "00000004 00000000 0000 ffff 00000001 0002 6231 00002384";
    static final String FIND_COORDINATOR_V3 = "00000004 00 00000000 0000 00 00000001 03 6231 00002384 00";
    static final String FIND_COORDINATOR_V4 =
            "00000004 00 00000000 02 05 74782d31 00000001 03 6231 00002384 0000 00 00 00";

    static final String ADD_PARTITIONS_V1 = "00000005 00000000 00000001 0001 74 00000001 00000000 0000";
    static final String ADD_PARTITIONS_V3 = "00000005 00 00000000 02 02 74 02 00000000 0000 00 00 00";

    static final String ADD_OFFSETS_V1 = "00000006 00000000 0000";
    static final String ADD_OFFSETS_V3 = "00000006 00 00000000 0000 00";

    static final String OFFSET_COMMIT_V2 = "00000008 00000000 00000001 0002 696e 00000001 00000001 0000";
    static final String OFFSET_COMMIT_V3 = "00000008 00 00000000 02 03 696e 02 00000001 0000 00 00 00";

    static final String END_TXN_V1 = "00000009 00000000 0000";
    static final String END_TXN_V4 = "00000009 00 00000000 0000 00";
    static final String END_TXN_V5 = "00000009 00 00000000 0000 0000000000000fa0 0003 00";

    static final String HANDSHAKE_V1 = "0000000a 0000 00000002 0005 504c41494e 000d 534352414d2d5348412d323536";

    static final String AUTHENTICATE_V0 = "0000000b 0000 ffff 00000000";
    static final String AUTHENTICATE_V1 = "0000000b 0000 ffff 00000000 000000000036ee80";
    static final String AUTHENTICATE_V2 = "0000000b 00 0000 00 01 000000000036ee80 00";
    static final String AUTHENTICATE_V1_FAILED =
            "0000000b 003a 0015 41757468656e7469636174696f6e206661696c6564 00000000 0000000000000000";

    static final String GET_SUBSCRIPTIONS_V0 = "0000000c 00 00000000 0000 0000000000000001 0000000000000002 00000005"
            + "03 04 01 00007530 00100000 01 02 05 6f72672e 00"; // zstd and gzip, 30 s, 1 MiB, delta, org.
    static final String PUSH_TELEMETRY_V0 = "0000000d 00 000007d0 0076 00";

    /** Every response above. */
    static final List<Golden> ALL = List.of(
            new Golden(FIND_COORDINATOR, 1, FIND_COORDINATOR_V1),
            new Golden(FIND_COORDINATOR, 3, FIND_COORDINATOR_V3),
            new Golden(FIND_COORDINATOR, 4, FIND_COORDINATOR_V4),
            new Golden(ADD_PARTITIONS, 1, ADD_PARTITIONS_V1),
            new Golden(ADD_PARTITIONS, 3, ADD_PARTITIONS_V3),
            new Golden(ADD_OFFSETS, 1, ADD_OFFSETS_V1),
            new Golden(ADD_OFFSETS, 3, ADD_OFFSETS_V3),
            new Golden(OFFSET_COMMIT, 2, OFFSET_COMMIT_V2),
            new Golden(OFFSET_COMMIT, 3, OFFSET_COMMIT_V3),
            new Golden(END_TXN, 1, END_TXN_V1),
            new Golden(END_TXN, 4, END_TXN_V4),
            new Golden(END_TXN, 5, END_TXN_V5),
            new Golden(HANDSHAKE, 1, HANDSHAKE_V1),
            new Golden(AUTHENTICATE, 0, AUTHENTICATE_V0),
            new Golden(AUTHENTICATE, 1, AUTHENTICATE_V1),
            new Golden(AUTHENTICATE, 2, AUTHENTICATE_V2),
            new Golden(AUTHENTICATE, 1, AUTHENTICATE_V1_FAILED),
            new Golden(GET_SUBSCRIPTIONS, 0, GET_SUBSCRIPTIONS_V0),
            new Golden(PUSH_TELEMETRY, 0, PUSH_TELEMETRY_V0));

    private GoldenTransactionResponses() {}
}
