package dev.millrace.producer.internal.partitioning;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where records of one topic without key go: all to one partition until a batch's worth of bytes is there, then to
 * another one at random (KIP-480), counted in bytes so that every partition gets the same amount (KIP-794).
 *
 * <p>The partition changes after an append when
 *
 * <ul>
 *   <li>{@code stickyBytes} or more went to it and its last batch is complete, so that no fraction of a batch is left
 *       behind to linger (KAFKA-14156), or
 *   <li>twice as many went to it, complete or not.
 * </ul>
 *
 * <p>Any thread, without a lock. Two threads may choose the same partition while a third one changes it; bytes appended
 * to a partition that is no longer the current one are not counted.
 */
public final class StickyPartition {

    private static final int INCOMPLETE_FACTOR = 2;

    private final long stickyBytes;
    private final Supplier<? extends RandomGenerator> random;
    private final AtomicReference<@Nullable Choice> current = new AtomicReference<>();

    /**
     * Nothing chosen yet.
     *
     * @param stickyBytes the batch size; 0 counts as 1
     * @param random gives each call a source of random numbers that the calling thread may use
     */
    public StickyPartition(int stickyBytes, Supplier<? extends RandomGenerator> random) {
        this.stickyBytes = Math.max(1, stickyBytes);
        this.random = random;
    }

    /** The partition for the next record. */
    public int current(PartitionAvailability view) {
        Choice choice = current.get();
        while (choice == null || choice.partition >= view.partitionCount()) {
            Choice fresh = choose(view);
            choice = current.compareAndSet(choice, fresh) ? fresh : current.get();
        }
        return choice.partition;
    }

    /**
     * Counts an append and changes the partition if enough went to it. Also right with 0 bytes, to ask again when the
     * partition's batches have become complete in the meantime.
     *
     * @param partition where the record went
     * @param bytes by how much its batch grew, the batch's own overhead included
     * @param batchComplete whether the last batch of that partition takes no more records, or there is none
     */
    public void onAppended(int partition, int bytes, boolean batchComplete, PartitionAvailability view) {
        Choice choice = current.get();
        if (choice == null || choice.partition != partition) {
            return;
        }
        long appended = choice.appendedBytes.addAndGet(bytes);
        long limit = batchComplete ? stickyBytes : INCOMPLETE_FACTOR * stickyBytes;
        if (appended >= limit) {
            current.compareAndSet(choice, choose(view));
        }
    }

    private Choice choose(PartitionAvailability view) {
        int available = view.availableCount();
        RandomGenerator source = random.get();
        int partition =
                available > 0 ? view.available(source.nextInt(available)) : source.nextInt(view.partitionCount());
        return new Choice(partition);
    }

    private static final class Choice {

        private final int partition;
        private final AtomicLong appendedBytes = new AtomicLong();

        Choice(int partition) {
            this.partition = partition;
        }
    }
}
