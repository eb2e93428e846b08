package dev.millrace.producer.internal.record;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static dev.millrace.producer.internal.protocol.WireBytes.bytes;
import static dev.millrace.producer.internal.record.GoldenBatches.PLAIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Headers;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBatchReaderTest {

    private static final long BASE_TIMESTAMP = 1_700_000_000_000L;

    @Test
    @Tag("row-1")
    void readsHeaderAndRecords() {
        RecordBatch batch = RecordBatchReader.read(buffer(PLAIN));

        assertThat(batch.header())
                .isEqualTo(new RecordBatchHeader(
                        0, 100, -1, (short) 0, 1, BASE_TIMESTAMP, BASE_TIMESTAMP + 5, -1, (short) -1, -1, 2));
        assertTwoRecords(batch.records());
    }

    @Test
    void readsTheProducersIdentity() {
        RecordBatch batch = RecordBatchReader.read(buffer(GoldenBatches.IDEMPOTENT));

        assertThat(batch.header().producerId()).isEqualTo(4_000);
        assertThat(batch.header().producerEpoch()).isEqualTo((short) 2);
        assertThat(batch.header().baseSequence()).isEqualTo(17);
        assertThat(batch.header().isTransactional()).isFalse();
        assertTwoRecords(batch.records());
    }

    @Test
    void readsTheTransactionalBit() {
        RecordBatch batch = RecordBatchReader.read(buffer(GoldenBatches.TRANSACTIONAL));

        assertThat(batch.header().isTransactional()).isTrue();
        assertThat(batch.header().isControl()).isFalse();
        assertTwoRecords(batch.records());
    }

    @Test
    void readsControlBatches() {
        RecordBatch batch = RecordBatchReader.read(buffer(GoldenBatches.COMMIT_MARKER));

        assertThat(batch.header().isControl()).isTrue();
        assertRecord(
                batch.records().get(0), 0, BASE_TIMESTAMP, bytes("0000 0001"), bytes("0000 00000009"), Headers.empty());
    }

    @Test
    void tellsNullFromEmpty() {
        DecodedRecord emptyValue = RecordBatchReader.read(buffer(GoldenBatches.EMPTY_VALUE))
                .records()
                .get(0);
        assertRecord(emptyValue, 0, 0, null, new byte[0], Headers.empty());
    }

    @Test
    void readsTimestampsBeforeTheFirst() {
        List<DecodedRecord> records =
                RecordBatchReader.read(buffer(GoldenBatches.BACK_IN_TIME)).records();

        assertRecord(records.get(0), 0, BASE_TIMESTAMP, utf8("a"), null, Headers.empty());
        assertRecord(records.get(1), 1, BASE_TIMESTAMP - 1_000, new byte[0], utf8("b"), Headers.empty());
    }

    @Test
    void readsOneBatchAfterTheOther() {
        ByteBuffer in = buffer(PLAIN + GoldenBatches.EMPTY_VALUE);

        assertThat(RecordBatchReader.read(in).records()).hasSize(2);
        assertThat(in.position()).isEqualTo(100);
        assertThat(RecordBatchReader.read(in).records()).hasSize(1);
        assertThat(in.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {GoldenBatches.GZIP, GoldenBatches.SNAPPY, GoldenBatches.LZ4, GoldenBatches.ZSTD})
    void readsCompressedBatches(String hex) {
        ByteBuffer in = buffer(hex);

        RecordBatch batch = RecordBatchReader.read(in);

        assertThat(batch.header().compressionId()).isBetween(1, 4);
        assertThat(batch.header().recordCount()).isEqualTo(2);
        assertThat(in.hasRemaining()).isFalse();
        assertTwoRecords(batch.records());
    }

    @Test
    @Tag("row-3")
    void everyFlipBehindTheChecksumIsDetected() {
        for (int index = RecordBatchLayout.CRC_OFFSET; index < 100; index++) {
            for (int bit = 0; bit < 8; bit++) {
                ByteBuffer flipped = flip(index, bit);
                assertThatExceptionOfType(MalformedResponseException.class)
                        .as("byte %d bit %d", index, bit)
                        .isThrownBy(() -> RecordBatchReader.read(flipped))
                        .withMessageContaining("checksum");
            }
        }
    }

    @Test
    @Tag("row-3")
    void baseOffsetAndLeaderEpochAreOutsideTheChecksum() {
        for (int index = 0; index < RecordBatchLayout.MAGIC_OFFSET; index++) {
            boolean isLength =
                    index >= RecordBatchLayout.LENGTH_OFFSET && index < RecordBatchLayout.PARTITION_LEADER_EPOCH_OFFSET;
            ByteBuffer flipped = flip(index, 0);
            if (isLength) {
                assertThatExceptionOfType(MalformedResponseException.class)
                        .isThrownBy(() -> RecordBatchReader.read(flipped));
            } else {
                assertTwoRecords(RecordBatchReader.read(flipped).records());
            }
        }
    }

    @Test
    void refusesOtherMessageFormats() {
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> RecordBatchReader.read(flip(RecordBatchLayout.MAGIC_OFFSET, 0)))
                .withMessageContaining("message format 3");
    }

    private static ByteBuffer flip(int index, int bit) {
        byte[] batch = bytes(PLAIN);
        batch[index] ^= (byte) (1 << bit);
        return ByteBuffer.wrap(batch);
    }

    private static void assertTwoRecords(List<DecodedRecord> records) {
        Headers headers = Headers.of("h1", "a").with("h2", (byte[]) null);
        assertThat(records).hasSize(2);
        assertRecord(records.get(0), 0, BASE_TIMESTAMP, utf8("k1"), utf8("value-1"), headers);
        assertRecord(records.get(1), 1, BASE_TIMESTAMP + 5, null, utf8("value-2"), Headers.empty());
    }

    private static void assertRecord(
            DecodedRecord decoded,
            int offsetDelta,
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers) {
        assertThat(decoded.offsetDelta()).isEqualTo(offsetDelta);
        assertThat(decoded.timestampMillis()).isEqualTo(timestampMillis);
        assertThat(decoded.key()).isEqualTo(key);
        assertThat(decoded.value()).isEqualTo(value);
        assertThat(decoded.headers()).isEqualTo(headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
