package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import java.time.Duration;
import java.util.List;
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
    void takesANegativeTimeForNone() {
        assertThat(pause(ApiKey.PRODUCE, 9, new ProduceResponse(List.of(), -1, List.of())))
                .isZero();
    }

    private static long pause(ApiKey key, int version, Object response) {
        return ThrottleRules.pauseNanos(key, (short) version, response);
    }
}
