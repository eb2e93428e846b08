package dev.millrace.producer.internal.record;

/**
 * The fields of {@link RecordBatchLayout} as read, without magic and checksum, which have been checked.
 *
 * @param baseOffset offset of the first record in the log, 0 from a producer
 * @param sizeBytes the whole batch
 * @param partitionLeaderEpoch epoch of the leader that took it, -1 from a producer
 * @param attributes bits of {@link RecordBatchLayout}
 * @param lastOffsetDelta offset of the last record, relative to the first
 * @param baseTimestampMillis timestamp of the first record
 * @param maxTimestampMillis largest timestamp of a record
 * @param producerId the producer, -1 if not idempotent
 * @param producerEpoch its epoch, -1 if not idempotent
 * @param baseSequence sequence number of the first record, -1 if not idempotent
 * @param recordCount how many records it says it holds
 */
public record RecordBatchHeader(
        long baseOffset,
        int sizeBytes,
        int partitionLeaderEpoch,
        short attributes,
        int lastOffsetDelta,
        long baseTimestampMillis,
        long maxTimestampMillis,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int recordCount) {

    /** Number of the codec, 0 for none; 5 to 7 are not assigned. */
    public int compressionId() {
        return attributes & RecordBatchLayout.COMPRESSION_MASK;
    }

    /** Whether the records belong to a transaction. */
    public boolean isTransactional() {
        return (attributes & RecordBatchLayout.TRANSACTIONAL_BIT) != 0;
    }

    /** Whether it is the broker's mark at the end of a transaction. */
    public boolean isControl() {
        return (attributes & RecordBatchLayout.CONTROL_BIT) != 0;
    }

    /** Whether the broker has set the timestamps. */
    public boolean hasLogAppendTime() {
        return (attributes & RecordBatchLayout.LOG_APPEND_TIME_BIT) != 0;
    }
}
