package dev.millrace.producer.internal.protocol;

import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static dev.millrace.producer.internal.protocol.WireBytes.withoutSize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestFrameTest {

    private static final InitProducerIdRequest REQUEST =
            new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1);

    @Test
    void putsHeaderOneInFrontOfClassicBodies() {
        List<ByteBuffer> frame = RequestFrame.encode(REQUEST, (short) 1, 3, "c1");

        assertThat(hex(frame)).isEqualTo("00000012" + "0016" + "0001" + "00000003" + "00026331" + "ffff" + "7fffffff");
    }

    @Test
    void putsHeaderTwoWithAClassicClientIdInFrontOfCompactBodies() {
        List<ByteBuffer> frame = RequestFrame.encode(REQUEST, (short) 2, 3, "c1");

        assertThat(hex(frame))
                .isEqualTo("00000013" + "0016" + "0002" + "00000003" + "00026331" + "00" + "00" + "7fffffff" + "00");
    }

    @Test
    void readsTheHeaderAndLeavesTheReaderAtTheBody() {
        WireReader in = new WireReader(withoutSize(RequestFrame.encode(REQUEST, (short) 5, 3, "c1")));

        assertThat(RequestHeader.read(in)).isEqualTo(new RequestHeader((short) 22, (short) 5, 3, "c1"));
        assertThat(InitProducerIdRequest.read(in, (short) 5)).isEqualTo(REQUEST);
        in.endFrame();
    }

    @Test
    void readsTheHeaderOfAnUnknownApi() {
        WireReader in = new WireReader(WireBytes.buffer("7777 0009 00000003 ffff"));

        assertThat(RequestHeader.read(in)).isEqualTo(new RequestHeader((short) 0x7777, (short) 9, 3, null));
    }

    @Test
    void refusesVersionsThisEngineDoesNotSpeak() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestFrame.encode(REQUEST, (short) 6, 3, "c1"))
                .withMessageContaining("api=INIT_PRODUCER_ID version=6 spoken=1-5");
    }
}
