package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.record.RecordBatch;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class BatchValidatorTest {

    private static final int LIMIT = 1000;

    @Test
    void readsABatchOfTheReferenceClient() {
        RecordBatch batch = BatchValidator.validate(batch(2), LIMIT);
        assertThat(batch.records()).hasSize(2);
        assertThat(batch.header().producerId()).isEqualTo(7);
    }

    @Test
    void refusesDamagedBytes() {
        ByteBuffer batch = batch(1);
        batch.put(batch.limit() - 1, (byte) 1);
        assertRefused(batch, ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void refusesABatchCutShort() {
        ByteBuffer batch = batch(1);
        assertRefused(batch.limit(batch.limit() - 1), ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void refusesOlderFormats() {
        ByteBuffer batch = batch(1);
        batch.put(RecordBatchLayout.MAGIC_OFFSET, (byte) 1);
        assertRefused(batch, ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesTwoBatches() {
        ByteBuffer one = batch(1);
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        assertRefused(two, ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesBytesThatAreNoBatch() {
        assertRefused(ByteBuffer.allocate(10), ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesBatchesAboveTheLimit() {
        ByteBuffer batch = batch(1);
        assertThatExceptionOfType(RefusedBatchException.class)
                .isThrownBy(() -> BatchValidator.validate(batch, batch.remaining() - 1))
                .satisfies(e -> assertThat(e.error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
    }

    @Test
    void refusesACountThatContradictsTheDeltas() {
        ByteBuffer batch = batch(2);
        batch.putInt(RecordBatchLayout.RECORD_COUNT_OFFSET, 1);
        assertRefused(signed(batch), ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesFewerRecordsThanCounted() {
        ByteBuffer batch = batch(2);
        batch.putInt(RecordBatchLayout.RECORD_COUNT_OFFSET, 3);
        batch.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_OFFSET, 2);
        assertRefused(signed(batch), ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesControlBatches() {
        ByteBuffer batch = batch(1);
        batch.putShort(RecordBatchLayout.ATTRIBUTES_OFFSET, (short) RecordBatchLayout.CONTROL_BIT);
        assertRefused(signed(batch), ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesLogAppendTime() {
        ByteBuffer batch = batch(1);
        batch.putShort(RecordBatchLayout.ATTRIBUTES_OFFSET, (short) RecordBatchLayout.LOG_APPEND_TIME_BIT);
        assertRefused(signed(batch), ErrorCode.INVALID_TIMESTAMP);
    }

    @Test
    void refusesAProducerIdWithoutSequence() {
        ByteBuffer batch = batch(1);
        batch.putInt(RecordBatchLayout.BASE_SEQUENCE_OFFSET, -1);
        assertRefused(signed(batch), ErrorCode.INVALID_RECORD);
    }

    @Test
    void namesTheRecordWithAWrongDelta() {
        ByteBuffer batch = batch(1);
        // record: length, attributes, timestamp delta, offset delta; each one byte here
        batch.put(RecordBatchLayout.RECORDS_OFFSET + 3, (byte) 2);
        assertThatExceptionOfType(RefusedBatchException.class)
                .isThrownBy(() -> BatchValidator.validate(signed(batch), LIMIT))
                .satisfies(e -> {
                    assertThat(e.error()).isEqualTo(ErrorCode.INVALID_RECORD);
                    assertThat(e.recordIndex()).isZero();
                });
    }

    private static void assertRefused(ByteBuffer batch, ErrorCode error) {
        assertThatExceptionOfType(RefusedBatchException.class)
                .isThrownBy(() -> BatchValidator.validate(batch, LIMIT))
                .satisfies(e -> assertThat(e.error()).isEqualTo(error));
    }

    private static ByteBuffer batch(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(1000L, new byte[] {1}, new byte[] {2});
        }
        ByteBuffer reference = MemoryRecords.withIdempotentRecords(Compression.NONE, 7, (short) 0, 0, records)
                .buffer();
        return ByteBuffer.allocate(reference.remaining())
                .put(reference.duplicate())
                .flip();
    }

    private static ByteBuffer signed(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(RecordBatchLayout.CRC_START_OFFSET, batch.limit() - RecordBatchLayout.CRC_START_OFFSET));
        return batch.putInt(RecordBatchLayout.CRC_OFFSET, (int) crc.getValue());
    }
}
