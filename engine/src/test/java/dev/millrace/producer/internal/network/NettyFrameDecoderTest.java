package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NettyFrameDecoderTest {

    @Test
    void takesMemoryForWhatHasArrivedNotForWhatIsPromised() {
        try (DecodedStream stream = new DecodedStream()) {
            stream.receive(
                    ByteBuffer.allocate(1_000).putInt(FrameSize.MAX_BYTES).array());
            for (int i = 1; i < 100; i++) {
                stream.receive(new byte[1_000]);
            }

            assertThat(stream.closeCause()).isNull();
            assertThat(stream.frames()).isEmpty();
            assertThat(stream.usedBytes()).isBetween(100_000L, 400_000L);
        }
    }

    @Test
    @Tag("row-13")
    void keepsNothingOfAFrameThatIsTooLarge() {
        try (DecodedStream stream = new DecodedStream()) {
            stream.receive(ByteBuffer.allocate(1_000_000)
                    .putInt(FrameSize.MAX_BYTES + 1)
                    .array());

            assertThat(stream.closeCause())
                    .hasMessage("connection to broker:9092 failed: not a Kafka broker, or a response too large:"
                            + " frame size=104857601 B limit=104857600 B");
            assertThat(stream.usedBytes()).isZero();
        }
    }

    @Test
    void givesNoFrameBehindOneThatIsWrong() {
        try (DecodedStream stream = new DecodedStream()) {
            stream.receive(new byte[] {0, 0, 0, 1, 7, -1, 0, 0, 0});
            stream.receive(new byte[] {0, 0, 0, 1, 8});

            assertThat(stream.frames()).containsExactly("07");
        }
    }
}
