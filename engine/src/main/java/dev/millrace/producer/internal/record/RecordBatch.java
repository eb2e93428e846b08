package dev.millrace.producer.internal.record;

import java.util.List;

/**
 * A batch as read.
 *
 * @param header its fixed part
 * @param records its records, in order
 */
public record RecordBatch(RecordBatchHeader header, List<DecodedRecord> records) {}
