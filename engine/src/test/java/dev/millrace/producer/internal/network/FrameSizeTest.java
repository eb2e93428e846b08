package dev.millrace.producer.internal.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FrameSizeTest {

    @Test
    void believesSizesUpToTheLimit() {
        assertThat(FrameSize.problemOf(0)).isNull();
        assertThat(FrameSize.problemOf(1)).isNull();
        assertThat(FrameSize.problemOf(FrameSize.MAX_BYTES)).isNull();
    }

    @Test
    @Tag("row-13")
    void refusesSizesNoBrokerSends() {
        assertThat(FrameSize.problemOf(-1)).contains("size=-1 B");
        assertThat(FrameSize.problemOf(FrameSize.MAX_BYTES + 1)).contains("limit=104857600 B");
    }

    @Test
    @Tag("row-13")
    void recognizesTlsAlerts() {
        for (int minor = 0; minor <= 4; minor++) {
            assertThat(FrameSize.problemOf(ByteBuffer.wrap(new byte[] {0x15, 3, (byte) minor, 0})
                            .getInt()))
                    .isEqualTo("the broker speaks TLS here: wrong port or security protocol");
        }
    }

    @Test
    @Tag("row-13")
    void recognizesHttp() {
        int size = ByteBuffer.wrap("HTTP/1.1 400".getBytes(US_ASCII)).getInt();
        assertThat(FrameSize.problemOf(size)).isEqualTo("an HTTP server answers here, not a Kafka broker");
    }
}
