package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was accepted before the cluster told which partitions its topic has. Guarded by the lock of its
 * {@link TopicQueues}.
 *
 * @param record the bytes, its own copy
 * @param partition the partition the user chose, or null
 * @param completion the record's end
 * @param acceptedNanos when it was accepted
 * @param reservedChunks what it counts against the buffer memory
 * @param tickets calls of flush that wait for it
 */
public record WaitingRecord(
        SerializedRecord record,
        @Nullable Integer partition,
        RecordCompletion completion,
        long acceptedNanos,
        int reservedChunks,
        List<FlushTicket> tickets) {

    WaitingRecord(
            SerializedRecord record,
            @Nullable Integer partition,
            RecordCompletion completion,
            long acceptedNanos,
            int reservedChunks) {
        this(record, partition, completion, acceptedNanos, reservedChunks, new ArrayList<>(0));
    }

    /** Makes whoever waits for this record wait for the batch it has gone into. */
    void handTicketsTo(ProducerBatch batch) {
        for (FlushTicket ticket : tickets) {
            batch.attach(ticket); // before the record's own count ends: the ticket must not run out in between
            ticket.countDown();
        }
    }
}
