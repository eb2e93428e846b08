package dev.millrace.producer.internal.partitioning;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One partition of a topic after the other. Asked once for each record, and only when the record is about to be appended:
 * an answer that is thrown away would leave out a partition (KAFKA-9965, KAFKA-13303). Any thread.
 */
public final class RoundRobin {

    private final AtomicInteger records = new AtomicInteger();

    /** The next partition with a leader, or the next of all if none has one. */
    public int next(PartitionAvailability view) {
        int turn = records.getAndIncrement() & Integer.MAX_VALUE;
        int available = view.availableCount();
        return available > 0 ? view.available(turn % available) : turn % view.partitionCount();
    }
}
