package dev.millrace.producer.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PayloadBufferTest {

    private final PayloadBuffer buffer = new PayloadBuffer();

    @Test
    void isEmptyNotNullBeforeAnythingIsWritten() {
        assertThat(buffer.length()).isZero();
    }

    @Test
    void appendsNumbersInBigEndianOrder() {
        buffer.put(0x101);
        buffer.putShort(0x0203);
        buffer.putInt(0x04050607);
        buffer.putLong(0x08090a0b0c0d0e0fL);
        buffer.put(new byte[] {16, 17});
        buffer.put(new byte[] {0, 18, 0}, 1, 1);
        buffer.put(ByteBuffer.wrap(new byte[] {19}));

        assertThat(written()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    }

    @Test
    void takesPartOfAnArrayWithoutACopy() {
        byte[] bytes = {1, 2, 3, 4};
        buffer.wrap(bytes, 1, 2);

        assertThat(buffer.array()).isSameAs(bytes);
        assertThat(buffer.offset()).isEqualTo(1);
        assertThat(written()).containsExactly(2, 3);
    }

    @Test
    void appendsAnArrayToAPrefix() {
        buffer.putInt(42);
        buffer.wrap(new byte[] {1, 2});

        assertThat(written()).containsExactly(0, 0, 0, 42, 1, 2);
    }

    @Test
    void appendsToAWrappedArrayWithoutTouchingIt() {
        byte[] large = new byte[1_000];
        Arrays.fill(large, (byte) 7);
        buffer.wrap(large, 100, 800);
        buffer.put(8);
        buffer.wrap(new byte[] {9});

        assertThat(written()).hasSize(802).startsWith(7, 7).endsWith(7, 8, 9);
        assertThat(large).containsOnly(7);
    }

    @Test
    void keepsNullApartFromEmpty() {
        buffer.wrap(null);
        assertThat(buffer.length()).isEqualTo(-1);
        assertThatIllegalStateException()
                .isThrownBy(() -> buffer.put(1))
                .withMessage("payload is null; reset() it before something is written");

        buffer.reset();
        buffer.wrap(new byte[0]);
        assertThat(buffer.length()).isZero();

        buffer.put(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> buffer.wrap(null))
                .withMessage("null payload after 1 B were written; write nothing before wrap(null), or reset() first");
    }

    @Test
    void refusesRangesOutsideTheArray() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.wrap(new byte[2], 1, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.put(new byte[2], -1, 1));
        assertThat(buffer.length()).isZero();
    }

    @Test
    void usesTheScratchAgainUnlessItHasGrownLarge() {
        byte[] scratch = buffer.array();
        buffer.put(1);
        buffer.reset();
        assertThat(buffer.array()).isSameAs(scratch);

        buffer.ensure(PayloadBuffer.MAX_RETAINED_BYTES);
        byte[] grown = buffer.array();
        assertThat(grown).hasSize(PayloadBuffer.MAX_RETAINED_BYTES);
        buffer.reset();
        assertThat(buffer.array()).isSameAs(grown);

        buffer.put(new byte[PayloadBuffer.MAX_RETAINED_BYTES + 1]);
        buffer.reset();
        assertThat(buffer.array()).hasSize(PayloadBuffer.INITIAL_BYTES);
        assertThat(buffer.length()).isZero();
    }

    @Test
    void encodesEveryCodePointAndEveryLoneSurrogateAsTheJdkDoes() {
        StringBuilder all = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += codePoint < 0x10000 ? 1 : 61) {
            all.appendCodePoint(codePoint);
            if (Character.charCount(codePoint) == 1 && Character.isSurrogate((char) codePoint)) {
                all.append('|');
            }
        }
        String text = all.append("\ud83d").toString();
        buffer.put(1);
        buffer.putUtf8(text);
        buffer.putUtf8("ascii");

        assertThat(written()).isEqualTo(("\u0001" + text + "ascii").getBytes(UTF_8));
    }

    private byte[] written() {
        return Arrays.copyOfRange(buffer.array(), buffer.offset(), buffer.offset() + buffer.length());
    }
}
