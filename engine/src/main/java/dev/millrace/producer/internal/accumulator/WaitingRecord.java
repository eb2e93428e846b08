package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was accepted before the cluster told which partitions its topic has, or before its bytes were there, or
 * behind such a one. Guarded by the lock of its {@link TopicQueues}.
 */
public final class WaitingRecord {

    private final @Nullable Integer chosen;
    private final @Nullable LateChoice choice;
    private final RecordCompletion completion;
    private final long acceptedNanos;
    private final List<FlushTicket> tickets = new ArrayList<>(0);

    private SerializedRecord record;
    private long costBytes;
    private boolean lacksBytes;
    private boolean hasKey;
    private boolean isHeldBack;
    private boolean hasLeft;
    private @Nullable Integer pinned; // null unless a partition was fixed before it could be appended

    WaitingRecord(UnassignedRecord unassigned, long acceptedNanos, long costBytes) {
        this.record = unassigned.record().copy();
        this.chosen = unassigned.partition();
        this.choice = unassigned.choice();
        this.completion = unassigned.completion();
        this.acceptedNanos = acceptedNanos;
        this.costBytes = costBytes;
        LateBytes late = unassigned.bytes();
        this.lacksBytes = late != null;
        this.hasKey = late == null || late.hasKey();
        if (late != null) {
            late.setWaiting(this);
        }
    }

    /** The bytes, its own copy; without key and value while it {@link #lacksBytes}. */
    public SerializedRecord record() {
        return record;
    }

    /** The record's end. */
    public RecordCompletion completion() {
        return completion;
    }

    /** When it was accepted. */
    public long acceptedNanos() {
        return acceptedNanos;
    }

    /** What it counts against the buffer memory. */
    long costBytes() {
        return costBytes;
    }

    /** Makes a call of flush wait for it. */
    void attach(FlushTicket ticket) {
        ticket.add();
        tickets.add(ticket);
    }

    /** Calls of flush that wait for it. */
    List<FlushTicket> tickets() {
        return tickets;
    }

    /** The partition the user or the user's partitioner has chosen, or null. */
    public @Nullable Integer chosenPartition() {
        return choice == null ? chosen : choice.partition();
    }

    /** The partition it goes to, as far as that is settled, or null. */
    public @Nullable Integer partition() {
        return pinned == null ? chosenPartition() : pinned;
    }

    /** What will choose the partition, or null if no user code has to. */
    public @Nullable LateChoice choice() {
        return choice;
    }

    /** Settles the partition of a record that cannot be appended yet: those behind it must not get there first. */
    public void pin(int partition) {
        pinned = partition;
        isHeldBack = true;
    }

    /** Whether user code has yet to choose: no later record of the topic may go before this one. */
    public boolean isUndecided() {
        return choice != null && choice.partition() == null;
    }

    /** Whether the bytes of its key are there, if it has a key. */
    public boolean hasKey() {
        return hasKey;
    }

    /** Whether its serializer has yet to give its bytes. */
    public boolean lacksBytes() {
        return lacksBytes;
    }

    /** Whether it waits for bytes, its own or those of a record before it, and not for the cluster. */
    public boolean isHeldBack() {
        return isHeldBack || lacksBytes;
    }

    /** Says whether it waits for bytes of a record before it. */
    public void setHeldBack(boolean heldBack) {
        isHeldBack = heldBack;
    }

    /** The bytes are there; only while it has not left. */
    void arrived(SerializedRecord bytes, long cost) {
        record = bytes;
        costBytes = cost;
        lacksBytes = false;
        hasKey = true;
    }

    /** Assigned, failed or taken away. */
    void leave() {
        hasLeft = true;
    }

    boolean hasLeft() {
        return hasLeft;
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
