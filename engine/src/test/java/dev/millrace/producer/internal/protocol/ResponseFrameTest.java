package dev.millrace.producer.internal.protocol;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResponseFrameTest {

    private static final InitProducerIdRequest REQUEST =
            new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1);
    private static final InitProducerIdResponse RESPONSE =
            new InitProducerIdResponse(0, ErrorCode.NONE, 4_000, (short) 0);

    @Test
    void readsTheCorrelationIdFirst() {
        ByteBuffer frame = buffer("00000003 00 00000000 0000 0000000000000fa0 0000 00");

        assertThat(ResponseFrame.readCorrelationId(frame)).isEqualTo(3);
        assertThat(ResponseFrame.decode(frame, REQUEST, (short) 2)).isEqualTo(RESPONSE);
    }

    @Test
    @Tag("row-8")
    void skipsTaggedFieldsOfTheHeader() {
        ByteBuffer frame = buffer("02 00 01 ff 05 00  00000000 0000 0000000000000fa0 0000 00");

        assertThat(ResponseFrame.decode(frame, REQUEST, (short) 2)).isEqualTo(RESPONSE);
    }

    @Test
    void refusesBytesBehindTheMessage() {
        ByteBuffer frame = buffer("00 00000000 0000 0000000000000fa0 0000 00 00");

        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> ResponseFrame.decode(frame, REQUEST, (short) 2))
                .withMessageContaining("1 B left");
    }

    @Test
    void writesTheBrokersSide() {
        assertThat(hex(ResponseFrame.encode(
                        ApiKey.INIT_PRODUCER_ID, (short) 1, 3, out -> RESPONSE.write(out, (short) 1))))
                .isEqualTo("00000014" + "00000003" + "00000000" + "0000" + "0000000000000fa0" + "0000");
        assertThat(hex(ResponseFrame.encode(
                        ApiKey.INIT_PRODUCER_ID, (short) 2, 3, out -> RESPONSE.write(out, (short) 2))))
                .isEqualTo("00000016" + "00000003" + "00" + "00000000" + "0000" + "0000000000000fa0" + "0000" + "00");
    }
}
