package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.EndTxnResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import dev.millrace.producer.internal.protocol.message.PushTelemetryResponse;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateResponse;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeResponse;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitResponse;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ThrottleRulesTest {

    private static final long TWO_SECONDS = Duration.ofSeconds(2).toNanos();

    /** 65. */
    @Test
    @Tag("row-65")
    void pausesFromTheVersionOnInWhichTheClientHasTo() {
        ProduceResponse produce = new ProduceResponse(List.of(), 2000, List.of());
        assertThat(pause(ApiKey.PRODUCE, 5, produce)).isZero();
        assertThat(pause(ApiKey.PRODUCE, 6, produce)).isEqualTo(TWO_SECONDS);
        MetadataResponse metadata = new MetadataResponse(2000, List.of(), null, -1, List.of(), ErrorCode.NONE);
        assertThat(pause(ApiKey.METADATA, 5, metadata)).isZero();
        assertThat(pause(ApiKey.METADATA, 6, metadata)).isEqualTo(TWO_SECONDS);
        InitProducerIdResponse identity = new InitProducerIdResponse(2000, ErrorCode.NONE, 1, (short) 0);
        assertThat(pause(ApiKey.INIT_PRODUCER_ID, 0, identity)).isZero();
        assertThat(pause(ApiKey.INIT_PRODUCER_ID, 1, identity)).isEqualTo(TWO_SECONDS);
    }

    @Test
    void agreesWithTheReferenceOnTransactions() {
        for (short version = 0; version <= 6; version++) {
            assertPauses(
                    ApiKey.FIND_COORDINATOR,
                    version,
                    new FindCoordinatorResponse(2000, List.of()),
                    new org.apache.kafka.common.requests.FindCoordinatorResponse(new FindCoordinatorResponseData()));
            assertPauses(
                    ApiKey.ADD_PARTITIONS_TO_TXN,
                    version,
                    new AddPartitionsToTxnResponse(2000, List.of()),
                    new org.apache.kafka.common.requests.AddPartitionsToTxnResponse(
                            new AddPartitionsToTxnResponseData()));
            assertPauses(
                    ApiKey.ADD_OFFSETS_TO_TXN,
                    version,
                    new AddOffsetsToTxnResponse(2000, ErrorCode.NONE),
                    new org.apache.kafka.common.requests.AddOffsetsToTxnResponse(new AddOffsetsToTxnResponseData()));
            assertPauses(
                    ApiKey.TXN_OFFSET_COMMIT,
                    version,
                    new TxnOffsetCommitResponse(2000, List.of()),
                    new org.apache.kafka.common.requests.TxnOffsetCommitResponse(new TxnOffsetCommitResponseData()));
            assertPauses(
                    ApiKey.END_TXN,
                    version,
                    new EndTxnResponse(2000, ErrorCode.NONE, -1, (short) -1),
                    new org.apache.kafka.common.requests.EndTxnResponse(new EndTxnResponseData()));
        }
    }

    @Test
    void pausesForTelemetry() {
        assertThat(pause(
                        ApiKey.PUSH_TELEMETRY, 0, new PushTelemetryResponse(2000, ErrorCode.THROTTLING_QUOTA_EXCEEDED)))
                .isEqualTo(TWO_SECONDS);
    }

    @Test
    void neverPausesForSasl() {
        assertThat(pause(ApiKey.SASL_HANDSHAKE, 1, new SaslHandshakeResponse(ErrorCode.NONE, List.of())))
                .isZero();
        assertThat(pause(
                        ApiKey.SASL_AUTHENTICATE,
                        2,
                        new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[0], 2000)))
                .isZero();
    }

    @Test
    void takesANegativeTimeForNone() {
        assertThat(pause(ApiKey.PRODUCE, 9, new ProduceResponse(List.of(), -1, List.of())))
                .isZero();
    }

    private static void assertPauses(
            ApiKey key, short version, ThrottledResponse response, AbstractResponse reference) {
        assertThat(pause(key, version, response))
                .as(key + " v" + version)
                .isEqualTo(reference.shouldClientThrottle(version) ? TWO_SECONDS : 0);
    }

    private static long pause(ApiKey key, int version, Object response) {
        return ThrottleRules.pauseNanos(key, (short) version, response);
    }
}
