package dev.millrace.samples.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
    @Test
    void takesTheWholeLineAsValueWithoutSeparator() {
        ProducerRecord<byte[], byte[]> record = format("").toRecord(bytes("a=b"));

        assertThat(record.key()).isNull();
        assertThat(record.value()).isEqualTo(bytes("a=b"));
    }

    @Test
    void splitsAtTheFirstSeparator() {
        ProducerRecord<byte[], byte[]> record = format("::").toRecord(bytes("key:::value::more"));

        assertThat(record.key()).isEqualTo(bytes("key"));
        assertThat(record.value()).isEqualTo(bytes(":value::more"));
    }

    @Test
    void givesALineWithoutSeparatorNoKey() {
        ProducerRecord<byte[], byte[]> record = format("::").toRecord(bytes("value:"));

        assertThat(record.key()).isNull();
        assertThat(record.value()).isEqualTo(bytes("value:"));
    }

    @Test
    void tellsAnEmptyKeyFromNone() {
        ProducerRecord<byte[], byte[]> record = format("=").toRecord(bytes("="));

        assertThat(record.key()).isEmpty();
        assertThat(record.value()).isEmpty();
    }

    @Test
    void sendsToThePartitionThatWasAskedFor() {
        RecordFormat format = new RecordFormat("lines", 3, new byte[0]);

        assertThat(format.toRecord(bytes("a")).partition()).isEqualTo(3);
    }

    private static RecordFormat format(String separator) {
        return new RecordFormat("lines", null, bytes(separator));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
