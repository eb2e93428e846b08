package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.record.SerializedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way in whose partition cannot be chosen before the cluster has answered, or whose bytes are not there.
 *
 * @param record the bytes, borrowed
 * @param partition the partition the user or the user's partitioner chose, or null
 * @param choice what will choose the partition instead, or null
 * @param bytes what the record lacks, or null
 * @param completion the record's end
 */
public record UnassignedRecord(
        SerializedRecord record,
        @Nullable Integer partition,
        @Nullable LateChoice choice,
        @Nullable LateBytes bytes,
        RecordCompletion completion) {

    /** A record that has its bytes. */
    public UnassignedRecord(
            SerializedRecord record,
            @Nullable Integer partition,
            @Nullable LateChoice choice,
            RecordCompletion completion) {
        this(record, partition, choice, null, completion);
    }

    /** A record nobody but the user or the engine chooses for. */
    public UnassignedRecord(SerializedRecord record, @Nullable Integer partition, RecordCompletion completion) {
        this(record, partition, null, null, completion);
    }
}
