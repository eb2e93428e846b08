package dev.millrace.producer.internal.partitioning;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where records of one topic without key go: all to one partition until a batch's worth of bytes is there, then to
 * another one (KIP-480), counted in bytes so that every partition gets the same amount (KIP-794).
 *
 * <p>The partition changes when
 *
 * <ul>
 *   <li>{@code stickyBytes} or more went to it and its last batch is complete or gone, so that no fraction of a batch is
 *       left behind to linger (KAFKA-14156),
 *   <li>twice as many went to it, complete or not, or
 *   <li>what it has is overdue and another one is not.
 * </ul>
 *
 * <p>Any thread, without a lock. Two threads may choose the same partition while a third one changes it; bytes appended
 * to a partition that is no longer the current one are not counted.
 */
public final class StickyPartition {

    private static final int INCOMPLETE_FACTOR = 2;

    private final long stickyBytes;
    private final NextPartition next;
    private final Supplier<? extends RandomGenerator> random;
    private final AtomicReference<@Nullable Choice> current = new AtomicReference<>();

    /**
     * Nothing chosen yet.
     *
     * @param stickyBytes the batch size; 0 counts as 1
     * @param next how to choose
     * @param random gives each call a source of random numbers that the calling thread may use
     */
    public StickyPartition(int stickyBytes, NextPartition next, Supplier<? extends RandomGenerator> random) {
        this.stickyBytes = Math.max(1, stickyBytes);
        this.next = next;
        this.random = random;
    }

    /** The partition for the next record. */
    public int current(PartitionAvailability view) {
        Choice choice = current.get();
        while (choice == null || choice.partition >= view.partitionCount() || isDone(choice, view)) {
            Choice fresh = choose(view);
            choice = current.compareAndSet(choice, fresh) ? fresh : current.get();
        }
        return view.isOverdue(choice.partition) ? insteadOf(choice, view) : choice.partition;
    }

    /**
     * Counts an append and changes the partition if enough went to it.
     *
     * @param partition where the record went
     * @param bytes by how much its batch grew, the batch's own overhead included
     */
    public void onAppended(int partition, int bytes, PartitionAvailability view) {
        Choice choice = current.get();
        if (choice == null || choice.partition != partition) {
            return;
        }
        choice.appendedBytes.addAndGet(bytes);
        if (isDone(choice, view)) {
            current.compareAndSet(choice, choose(view));
        }
    }

    private boolean isDone(Choice choice, PartitionAvailability view) {
        long appended = choice.appendedBytes.get();
        return appended >= stickyBytes
                && (appended >= INCOMPLETE_FACTOR * stickyBytes || !view.isFilling(choice.partition));
    }

    private int insteadOf(Choice overdue, PartitionAvailability view) {
        Choice fresh = choose(view);
        if (view.isOverdue(fresh.partition)) {
            return overdue.partition; // they all are: no reason to leave
        }
        current.compareAndSet(overdue, fresh);
        return fresh.partition;
    }

    private Choice choose(PartitionAvailability view) {
        return new Choice(next.choose(view, random.get()));
    }

    private static final class Choice {

        private final int partition;
        private final AtomicLong appendedBytes = new AtomicLong();

        Choice(int partition) {
            this.partition = partition;
        }
    }
}
