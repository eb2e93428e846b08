package dev.millrace.producer.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers without a source are those of kafka-clients 4.3.1. */
class RecordSizesTest {

    @Test
    void headerIsSixtyOneBytes() {
        assertThat(RecordBatchLayout.HEADER_BYTES).isEqualTo(61);
        assertThat(RecordBatchLayout.CRC_START_OFFSET).isEqualTo(21);
        assertThat(RecordBatchLayout.LENGTH_OVERHEAD_BYTES).isEqualTo(12);
        assertThat(RecordSizes.MAX_RECORD_OVERHEAD_BYTES).isEqualTo(21);
    }

    @Test
    void upperBounds() {
        assertThat(RecordSizes.upperBoundBytes(-1, -1, Headers.empty())).isEqualTo(85);
        assertThat(RecordSizes.upperBoundBytes(1, 300, Headers.empty())).isEqualTo(387);
    }

    @Test
    void exactSizes() {
        assertThat(RecordSizes.recordBytes(RecordSizes.recordBodyBytes(1, 300, Headers.empty(), 0, 0)))
                .isEqualTo(310);
        Headers headers = Headers.of("h1", "a").with("h2", (byte[]) null);
        assertThat(RecordSizes.recordBodyBytes(2, 7, headers, 0, 0)).isEqualTo(24);
        assertThat(RecordSizes.recordBodyBytes(-1, 7, Headers.empty(), 5, 1)).isEqualTo(13);
        assertThat(RecordSizes.recordBytes(RecordSizes.recordBodyBytes(-1, -1, Headers.empty(), 0, 0)))
                .isEqualTo(RecordSizes.MIN_RECORD_BYTES);
    }

    @Test
    void absurdLengthsDoNotOverflowTheBound() {
        assertThat(RecordSizes.upperBoundBytes(Integer.MAX_VALUE, Integer.MAX_VALUE, Headers.empty()))
                .isEqualTo(2L * Integer.MAX_VALUE + 61 + 21 + 5 + 5 + 1);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(
                        () -> RecordSizes.recordBodyBytes(Integer.MAX_VALUE, Integer.MAX_VALUE, Headers.empty(), 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "é", "中", "😀", "a\ud83d", "\ude00b", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
    void utf8LengthIsThatOfTheEncodedText(String text) {
        assertThat(RecordSizes.utf8Bytes(text)).isEqualTo(text.getBytes(UTF_8).length);
    }
}
