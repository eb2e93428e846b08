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
 * @param partition the partition the user or the user's partitioner chose, or null
 * @param choice what will choose the partition, or null if no user code has to
 * @param completion the record's end
 * @param acceptedNanos when it was accepted
 * @param costBytes what it counts against the buffer memory
 * @param tickets calls of flush that wait for it
 */
public record WaitingRecord(
        SerializedRecord record,
        @Nullable Integer partition,
        @Nullable LateChoice choice,
        RecordCompletion completion,
        long acceptedNanos,
        long costBytes,
        List<FlushTicket> tickets) {

    WaitingRecord(UnassignedRecord unassigned, long acceptedNanos, long costBytes) {
        this(
                unassigned.record().copy(),
                unassigned.partition(),
                unassigned.choice(),
                unassigned.completion(),
                acceptedNanos,
                costBytes,
                new ArrayList<>(0));
    }

    /** The partition the user or the user's partitioner has chosen, or null. */
    @Override
    public @Nullable Integer partition() {
        return choice == null ? partition : choice.partition();
    }

    /** Whether user code has yet to choose: no later record of the topic may go before this one. */
    public boolean isUndecided() {
        return choice != null && choice.partition() == null;
    }

    /**
     * Makes whoever waits for this record wait for the open batch that holds it now, and the batch linger no longer.
     *
     * @return whether anybody waits
     */
    boolean handTicketsTo(ProducerBatch batch) {
        for (FlushTicket ticket : tickets) {
            batch.requestFlush();
            batch.attach(ticket);
            ticket.countDown(); // after the batch was added, so that it cannot run out in between
        }
        return !tickets.isEmpty();
    }
}
