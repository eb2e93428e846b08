package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One topic's partition queues, and the records that wait for its partitions to be known.
 *
 * <p>Any thread. Its lock comes before that of a partition queue.
 */
public final class TopicQueues {

    private final String topic;
    private final RecordAccumulator owner;
    private final CompressionEstimate estimate;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Deque<WaitingRecord> waiting = new ArrayDeque<>();
    private final Set<WaitingRecord> untold = new LinkedHashSet<>(); // failed, and nobody knows yet
    private long abandonedRecords;
    private boolean retired;

    private volatile AtomicReferenceArray<@Nullable PartitionQueue> queues = new AtomicReferenceArray<>(0);
    private volatile boolean hasWaiting;
    private volatile boolean used = true;

    TopicQueues(String topic, RecordAccumulator owner) {
        this.topic = topic;
        this.owner = owner;
        this.estimate = new CompressionEstimate(owner.limits().batchSizeBytes());
    }

    /** The topic's name. */
    public String topic() {
        return topic;
    }

    /** The partition's queue, created when it is first asked for. */
    public PartitionQueue queue(int partition) {
        markUsed();
        PartitionQueue queue = existingQueue(partition);
        return queue != null ? queue : createQueue(partition);
    }

    /** The partition's queue, or null if nothing was ever appended to it. */
    public @Nullable PartitionQueue existingQueue(int partition) {
        AtomicReferenceArray<@Nullable PartitionQueue> known = queues;
        return partition < known.length() ? known.get(partition) : null;
    }

    /** The waiting records for which user code has yet to choose and can, oldest first. */
    public List<WaitingRecord> undecided() {
        lock.lock();
        try {
            return waiting.stream()
                    .filter(record -> record.isUndecided() && !record.lacksBytes())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a partition was asked for, or a record came to wait, since the last call. */
    public boolean takeUse() {
        boolean was = used;
        used = false;
        return was;
    }

    /** Whether records wait here; a send of the same thread that follows a waiting one sees it. */
    public boolean hasWaiting() {
        return hasWaiting;
    }

    /**
     * Puts a record behind those that wait, or says that it need not wait.
     *
     * @param mustWait asked under the topic's lock, with the records that wait before it
     * @return false if the record was not taken because {@code mustWait} said no, the producer is closed or the topic
     *     retired
     */
    boolean tryWait(WaitingRecord record, Predicate<Iterable<WaitingRecord>> mustWait) {
        markUsed();
        lock.lock();
        try {
            // closed is asked under the lock: once close has passed it here, nothing enters any more
            if (owner.isClosed() || retired || !mustWait.test(waiting)) {
                return false;
            }
            waiting.add(record);
            hasWaiting = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Chooses the partition of a record that waited. */
    @FunctionalInterface
    public interface Assigner {

        /** What {@link #partitionFor} says of a record that has to wait on. */
        int NOT_YET = -1;

        /** The partition, or {@link #NOT_YET}. Called under the topic's lock. */
        int partitionFor(WaitingRecord record);

        /** The record is in the queue of that partition. Called under the topic's lock. */
        default void assigned(WaitingRecord record, int partition) {}
    }

    /** Moves what can be assigned into the partition queues, in order. Returns whether the loop must look at them. */
    boolean assign(Assigner assigner) {
        boolean announce = false;
        lock.lock();
        try {
            for (Iterator<WaitingRecord> records = waiting.iterator(); records.hasNext(); ) {
                WaitingRecord record = records.next();
                int partition = assigner.partitionFor(record);
                if (partition != Assigner.NOT_YET) {
                    announce |= queue(partition).appendWaiting(record) == PartitionQueue.AppendResult.APPENDED_FIRST;
                    owner.waitingMemory().remove(record.costBytes());
                    records.remove();
                    record.leave();
                    assigner.assigned(record, partition);
                }
            }
            hasWaiting = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
        return announce;
    }

    /** Takes out records, oldest first; the caller fails them and says when they are {@link #told}. */
    List<WaitingRecord> removeWaiting(Predicate<WaitingRecord> which) {
        List<WaitingRecord> removed = new ArrayList<>();
        lock.lock();
        try {
            for (Iterator<WaitingRecord> records = waiting.iterator(); records.hasNext(); ) {
                WaitingRecord record = records.next();
                if (which.test(record)) {
                    records.remove();
                    record.leave();
                    removed.add(record);
                }
            }
            untold.addAll(removed);
            abandonedRecords += removed.size();
            hasWaiting = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
        return removed;
    }

    /** The user knows of the end of a record that was removed: nobody has to wait for it any more. */
    void told(WaitingRecord removed) {
        List<FlushTicket> tickets;
        lock.lock();
        try {
            untold.remove(removed);
            tickets = List.copyOf(removed.tickets());
        } finally {
            lock.unlock();
        }
        tickets.forEach(FlushTicket::countDown);
    }

    /** When the oldest waiting record was accepted, or null if none waits. */
    public @Nullable Long oldestWaitingNanos() {
        return oldestWaitingNanos(any -> true);
    }

    /** When the oldest waiting record of a kind was accepted, or null if none waits. The kind is asked under the lock. */
    public @Nullable Long oldestWaitingNanos(Predicate<WaitingRecord> kind) {
        lock.lock();
        try {
            for (WaitingRecord record : waiting) {
                if (kind.test(record)) {
                    return record.acceptedNanos();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a record the bytes it lacks. Returns by how much it counts more now, or null if it does not wait any more. */
    @Nullable
    Long bytesArrived(WaitingRecord record, SerializedRecord bytes, long costBytes) {
        lock.lock();
        try {
            if (record.hasLeft()) {
                return null;
            }
            long difference = costBytes - record.costBytes();
            record.arrived(bytes, costBytes);
            return difference;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the ticket wait for every record that waits, and for those whose failure has yet to be told. */
    void attachToWaiting(FlushTicket ticket) {
        lock.lock();
        try {
            waiting.forEach(record -> record.attach(ticket));
            untold.forEach(record -> record.attach(ticket));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the topic up if nothing waits or is queued here and the predicate holds for every queue: from then on nothing
     * is taken. All queues are locked together, so that no record gets in between the look and the end.
     *
     * @param end what else belongs to the step; runs under all locks
     */
    boolean tryRetire(Predicate<PartitionQueue> isQuiet, Runnable end) {
        lock.lock();
        try {
            forEachQueue(PartitionQueue::lock); // no one else holds two of them
            try {
                return waiting.isEmpty() && untold.isEmpty() && areQuiet(isQuiet) && retire(end);
            } finally {
                forEachQueue(PartitionQueue::unlock);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean areQuiet(Predicate<PartitionQueue> isQuiet) {
        AtomicReferenceArray<@Nullable PartitionQueue> known = queues;
        for (int partition = 0; partition < known.length(); partition++) {
            PartitionQueue queue = known.get(partition);
            if (queue != null && !(queue.isQuiet() && isQuiet.test(queue))) {
                return false;
            }
        }
        return true;
    }

    private boolean retire(Runnable end) {
        end.run();
        retired = true;
        forEachQueue(PartitionQueue::retire);
        return true;
    }

    /** Whether the topic was given up and has other queues now. */
    public boolean isRetired() {
        lock.lock();
        try {
            return retired;
        } finally {
            lock.unlock();
        }
    }

    /** Records accepted since the beginning, whatever became of them. */
    long acceptedRecords() {
        lock.lock();
        try {
            long[] sum = {waiting.size() + abandonedRecords};
            forEachQueue(queue -> sum[0] += queue.acceptedRecords());
            return sum[0];
        } finally {
            lock.unlock();
        }
    }

    /** Runs the action for each partition that was ever asked for. */
    public void forEachQueue(Consumer<PartitionQueue> action) {
        AtomicReferenceArray<@Nullable PartitionQueue> known = queues;
        for (int partition = 0; partition < known.length(); partition++) {
            PartitionQueue queue = known.get(partition);
            if (queue != null) {
                action.accept(queue);
            }
        }
    }

    private void markUsed() {
        if (!used) {
            used = true;
        }
    }

    private PartitionQueue createQueue(int partition) {
        lock.lock();
        try {
            PartitionQueue existing = existingQueue(partition);
            if (existing != null) {
                return existing;
            }
            PartitionQueue created = new PartitionQueue(new TopicPartition(topic, partition), owner, estimate);
            if (retired) {
                return refusing(created);
            }
            ensureRoomFor(partition);
            queues.set(partition, created);
            return created;
        } finally {
            lock.unlock();
        }
    }

    /** Doubles, so that the copies for all partitions together cost no more than in proportion to them. */
    private void ensureRoomFor(int partition) {
        AtomicReferenceArray<@Nullable PartitionQueue> known = queues;
        if (partition < known.length()) {
            return;
        }
        AtomicReferenceArray<@Nullable PartitionQueue> grown =
                new AtomicReferenceArray<>(Math.max(partition + 1, 2 * known.length()));
        for (int i = 0; i < known.length(); i++) {
            grown.setPlain(i, known.get(i));
        }
        queues = grown;
    }

    /** Whoever comes too late for the topic gets a queue that says so; nobody keeps it. */
    private static PartitionQueue refusing(PartitionQueue queue) {
        queue.lock();
        try {
            queue.retire();
        } finally {
            queue.unlock();
        }
        return queue;
    }
}
