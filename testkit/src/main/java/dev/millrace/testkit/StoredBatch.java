package dev.millrace.testkit;

import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import dev.millrace.producer.internal.record.Varints;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A batch as consumers get it: with its place in the log and the epoch of its leader, which the checksum leaves out.
 *
 * @param baseOffset place of its first record
 * @param lastOffset place of its last record
 * @param maxTimestampMillis of its records
 * @param bytes all of it, read-only
 */
record StoredBatch(long baseOffset, long lastOffset, long maxTimestampMillis, ByteBuffer bytes) {

    private static final short MARK_VERSION = 0;
    private static final short ABORT = 0;
    private static final short COMMIT = 1;
    private static final int NO_COORDINATOR_EPOCH = 0;
    private static final int NO_SEQUENCE = -1;

    /** Of what a producer has sent; copies it. */
    static StoredBatch of(RecordBatchHeader header, ByteBuffer sent, long baseOffset, int leaderEpoch) {
        ByteBuffer copy = ByteBuffer.allocate(sent.remaining());
        copy.put(sent.duplicate());
        copy.putLong(RecordBatchLayout.BASE_OFFSET_OFFSET, baseOffset);
        copy.putInt(RecordBatchLayout.PARTITION_LEADER_EPOCH_OFFSET, leaderEpoch);
        copy.flip();
        return new StoredBatch(
                baseOffset,
                baseOffset + header.lastOffsetDelta(),
                header.maxTimestampMillis(),
                copy.asReadOnlyBuffer());
    }

    /** The mark at the end of a transaction (KIP-98): a batch of one record that consumers see and applications do not. */
    static StoredBatch mark(
            long offset, int leaderEpoch, long producerId, short epoch, boolean commits, long timestampMillis) {
        byte[] key = ByteBuffer.allocate(4)
                .putShort(MARK_VERSION)
                .putShort(commits ? COMMIT : ABORT)
                .array();
        byte[] value = ByteBuffer.allocate(6)
                .putShort(MARK_VERSION)
                .putInt(NO_COORDINATOR_EPOCH)
                .array();
        ByteBuffer body = ByteBuffer.allocate(32);
        body.put((byte) 0); // attributes
        Varints.putVarlong(body, 0); // timestamp delta
        Varints.putVarint(body, 0); // offset delta
        Varints.putVarint(body, key.length);
        body.put(key);
        Varints.putVarint(body, value.length);
        body.put(value);
        Varints.putVarint(body, 0); // headers
        body.flip();
        ByteBuffer batch = ByteBuffer.allocate(RecordBatchLayout.HEADER_BYTES + 1 + body.remaining());
        batch.position(RecordBatchLayout.RECORDS_OFFSET);
        Varints.putVarint(batch, body.remaining());
        batch.put(body);
        batch.flip();
        batch.putLong(RecordBatchLayout.BASE_OFFSET_OFFSET, offset);
        batch.putInt(RecordBatchLayout.LENGTH_OFFSET, batch.limit() - RecordBatchLayout.LENGTH_OVERHEAD_BYTES);
        batch.putInt(RecordBatchLayout.PARTITION_LEADER_EPOCH_OFFSET, leaderEpoch);
        batch.put(RecordBatchLayout.MAGIC_OFFSET, RecordBatchLayout.MAGIC);
        batch.putShort(RecordBatchLayout.ATTRIBUTES_OFFSET, (short)
                (RecordBatchLayout.TRANSACTIONAL_BIT | RecordBatchLayout.CONTROL_BIT));
        batch.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_OFFSET, 0);
        batch.putLong(RecordBatchLayout.BASE_TIMESTAMP_OFFSET, timestampMillis);
        batch.putLong(RecordBatchLayout.MAX_TIMESTAMP_OFFSET, timestampMillis);
        batch.putLong(RecordBatchLayout.PRODUCER_ID_OFFSET, producerId);
        batch.putShort(RecordBatchLayout.PRODUCER_EPOCH_OFFSET, epoch);
        batch.putInt(RecordBatchLayout.BASE_SEQUENCE_OFFSET, NO_SEQUENCE);
        batch.putInt(RecordBatchLayout.RECORD_COUNT_OFFSET, 1);
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(RecordBatchLayout.CRC_START_OFFSET, batch.limit() - RecordBatchLayout.CRC_START_OFFSET));
        batch.putInt(RecordBatchLayout.CRC_OFFSET, (int) crc.getValue());
        return new StoredBatch(offset, offset, timestampMillis, batch.asReadOnlyBuffer());
    }

    int sizeBytes() {
        return bytes.remaining();
    }
}
