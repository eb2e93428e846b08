package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.record.SerializedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way in whose partition cannot be chosen before the cluster has answered.
 *
 * @param record the bytes, borrowed
 * @param partition the partition the user chose, or null
 * @param completion the record's end
 */
public record UnassignedRecord(SerializedRecord record, @Nullable Integer partition, RecordCompletion completion) {}
