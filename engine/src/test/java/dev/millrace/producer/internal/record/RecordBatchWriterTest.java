package dev.millrace.producer.internal.record;

import static dev.millrace.producer.internal.protocol.WireBytes.bytes;
import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static dev.millrace.producer.internal.protocol.WireBytes.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.Headers;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecordBatchWriterTest {

    private static final long BASE_MILLIS = 1_700_000_000_000L;

    @Test
    @Tag("row-1")
    void writesTheGoldenBatch() {
        RecordBatchWriter writer = goldenRecords();

        writer.stamp(-1, (short) -1, -1);

        assertThat(hex(writer.buffers())).isEqualTo(hex(bytes(GoldenBatches.PLAIN)));
    }

    @Test
    @Tag("row-1")
    void writesTheGoldenBatchOfAnIdempotentProducer() {
        RecordBatchWriter writer = goldenRecords();

        writer.stamp(4_000, (short) 2, 17);

        assertThat(hex(writer.buffers())).isEqualTo(hex(bytes(GoldenBatches.IDEMPOTENT)));
    }

    @Test
    void isStampedAnewForARetryUnderAnotherIdentity() {
        RecordBatchWriter writer = goldenRecords();
        writer.stamp(9_999, (short) 7, 123_456);

        writer.stamp(4_000, (short) 2, 17);

        assertThat(hex(writer.buffers())).isEqualTo(hex(bytes(GoldenBatches.IDEMPOTENT)));
    }

    @Test
    void marksRecordsOfATransactionAndOnlyThem() {
        RecordBatchWriter writer = goldenRecords();

        writer.stamp(4_000, (short) 2, 17, true);

        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex(writer.buffers())));
        assertThat(RecordBatchReader.readHeader(bytes)).satisfies(header -> {
            assertThat(header.isTransactional()).isTrue();
            assertThat(header.compressionId()).isZero();
        });
        writer.stamp(4_000, (short) 2, 17);
        assertThat(hex(writer.buffers())).isEqualTo(hex(bytes(GoldenBatches.IDEMPOTENT)));
    }

    @Test
    void writesAnEmptyValue() {
        RecordBatchWriter writer = withRoom(200);
        writer.append(record(0, null, "", Headers.empty()));
        writer.seal();

        writer.stamp(-1, (short) -1, -1);

        assertThat(hex(writer.buffers())).isEqualTo(hex(bytes(GoldenBatches.EMPTY_VALUE)));
    }

    @Test
    void writesTimestampsThatGoBack() {
        RecordBatchWriter writer = withRoom(200);
        writer.append(record(BASE_MILLIS, "a", null, Headers.empty()));
        writer.append(record(BASE_MILLIS - 1_000, "", "b", Headers.empty()));
        writer.seal();

        writer.stamp(-1, (short) -1, -1);

        assertThat(hex(writer.buffers())).isEqualTo(hex(bytes(GoldenBatches.BACK_IN_TIME)));
    }

    @Test
    void hasRoomForTheHeaderOnlyOnce() {
        RecordBatchWriter writer = withRoom(100);

        assertThat(writer.roomBytes()).isEqualTo(100 - RecordBatchLayout.HEADER_BYTES);

        writer.addChunk(ByteBuffer.allocate(50));

        assertThat(writer.roomBytes()).isEqualTo(150 - RecordBatchLayout.HEADER_BYTES);
    }

    @Test
    void refusesARecordThatDoesNotFit() {
        RecordBatchWriter writer = withRoom(70);

        assertThatIllegalStateException()
                .isThrownBy(() -> writer.append(record(0, null, "more than nine bytes", Headers.empty())));
    }

    @Test
    void refusesARecordOnceSealed() {
        RecordBatchWriter writer = goldenRecords();

        assertThatIllegalStateException().isThrownBy(() -> writer.append(record(0, null, "x", Headers.empty())));
        assertThat(writer.recordCount()).isEqualTo(2);
    }

    @Test
    void handsItsChunksBackOnce() {
        RecordBatchWriter writer = goldenRecords();

        assertThat(writer.releaseChunks()).hasSize(1);
        assertThat(writer.releaseChunks()).isEmpty();
    }

    private static RecordBatchWriter goldenRecords() {
        RecordBatchWriter writer = withRoom(200);
        writer.append(record(BASE_MILLIS, "k1", "value-1", Headers.of("h1", "a").with("h2", (byte @Nullable []) null)));
        writer.append(record(BASE_MILLIS + 5, null, "value-2", Headers.empty()));
        assertThat(writer.sizeBytes()).isEqualTo(100);
        writer.seal();
        assertThat(join(writer.buffers())).hasSize(100);
        return writer;
    }

    private static RecordBatchWriter withRoom(int bytes) {
        RecordBatchWriter writer = new RecordBatchWriter();
        writer.addChunk(ByteBuffer.allocate(bytes));
        return writer;
    }

    private static SerializedRecord record(
            long timestampMillis, @Nullable String key, @Nullable String value, Headers headers) {
        SerializedRecord record = new SerializedRecord();
        if (key != null) {
            record.setKey(key.getBytes(UTF_8), 0, key.length());
        }
        if (value != null) {
            record.setValue(value.getBytes(UTF_8), 0, value.length());
        }
        record.setHeaders(headers);
        record.setTimestampMillis(timestampMillis);
        return record;
    }
}
