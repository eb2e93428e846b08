package dev.millrace.producer.internal.record;

import static dev.millrace.producer.internal.protocol.WireBytes.bytes;
import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Headers;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecordBatchReaderProperty {

    private static final List<String> PLAIN_BATCHES = List.of(
            GoldenBatches.PLAIN,
            GoldenBatches.IDEMPOTENT,
            GoldenBatches.TRANSACTIONAL,
            GoldenBatches.COMMIT_MARKER,
            GoldenBatches.EMPTY_VALUE,
            GoldenBatches.BACK_IN_TIME);

    @Test
    @Tag("row-4")
    void readsWhatTheReferenceWrites() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomRecords records = new RandomRecords(random);
        for (int i = 0; i < 2_000; i++) {
            List<SimpleRecord> written = new ArrayList<>();
            List<Headers> headers = new ArrayList<>();
            for (int count = 1 + random.nextInt(8); count > 0; count--) {
                headers.add(records.headers());
                written.add(new SimpleRecord(
                        random.nextLong(1L << 42),
                        records.nullableBytes(),
                        records.nullableBytes(),
                        RecordSizesProperty.referenceHeaders(headers.get(headers.size() - 1))));
            }

            RecordBatch batch = RecordBatchReader.read(referenceBatch(written));

            assertThat(batch.header().recordCount()).as("seed %d", seed).isEqualTo(written.size());
            assertThat(batch.header().producerId()).as("seed %d", seed).isEqualTo(4_000);
            for (int r = 0; r < written.size(); r++) {
                DecodedRecord read = batch.records().get(r);
                assertThat(read.offsetDelta()).as("seed %d", seed).isEqualTo(r);
                assertThat(read.timestampMillis())
                        .as("seed %d", seed)
                        .isEqualTo(written.get(r).timestamp());
                assertThat(read.key() == null ? null : ByteBuffer.wrap(read.key()))
                        .as("seed %d", seed)
                        .isEqualTo(written.get(r).key());
                assertThat(read.value() == null ? null : ByteBuffer.wrap(read.value()))
                        .as("seed %d", seed)
                        .isEqualTo(written.get(r).value());
                assertThat(read.headers()).as("seed %d", seed).isEqualTo(headers.get(r));
            }
        }
    }

    @Test
    void refusesEveryTruncation() {
        for (String golden : PLAIN_BATCHES) {
            byte[] whole = bytes(golden);
            for (int length = 0; length < whole.length; length++) {
                byte[] truncated = Arrays.copyOf(whole, length);
                assertMalformed(truncated);
                if (length >= RecordBatchLayout.HEADER_BYTES) {
                    assertMalformed(sealed(truncated)); // cut before the checksum was computed
                }
            }
        }
    }

    /** The checksum is made right after each mutation, or no mutation would get past it. */
    @Test
    void survivesEveryMutation() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (String golden : PLAIN_BATCHES) {
            for (int i = 0; i < 20_000; i++) {
                byte[] batch = bytes(golden);
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    batch[
                                    RecordBatchLayout.CRC_START_OFFSET
                                            + random.nextInt(batch.length - RecordBatchLayout.CRC_START_OFFSET)] =
                            (byte) random.nextInt();
                }
                assertSucceedsOrIsMalformed(sealed(batch), seed);
            }
        }
    }

    private static ByteBuffer referenceBatch(List<SimpleRecord> records) {
        return MemoryRecords.withRecords(
                        RecordBatchLayout.MAGIC,
                        0,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        4_000,
                        (short) 2,
                        17,
                        -1,
                        false,
                        records.toArray(SimpleRecord[]::new))
                .buffer();
    }

    private static byte[] sealed(byte[] batch) {
        byte[] copy = batch.clone();
        CRC32C crc = new CRC32C();
        crc.update(copy, RecordBatchLayout.CRC_START_OFFSET, copy.length - RecordBatchLayout.CRC_START_OFFSET);
        ByteBuffer.wrap(copy)
                .putInt(RecordBatchLayout.LENGTH_OFFSET, copy.length - RecordBatchLayout.LENGTH_OVERHEAD_BYTES)
                .putInt(RecordBatchLayout.CRC_OFFSET, (int) crc.getValue());
        return copy;
    }

    private static void assertMalformed(byte[] batch) {
        assertThatExceptionOfType(MalformedResponseException.class)
                .as(hex(batch))
                .isThrownBy(() -> RecordBatchReader.read(ByteBuffer.wrap(batch)));
    }

    private static void assertSucceedsOrIsMalformed(byte[] batch, long seed) {
        try {
            RecordBatchReader.read(ByteBuffer.wrap(batch));
        } catch (MalformedResponseException expected) {
            // the right answer to most mutations
        } catch (RuntimeException | Error e) {
            throw new AssertionError("reader fails on %s (seed %d)".formatted(hex(batch), seed), e);
        }
    }
}
