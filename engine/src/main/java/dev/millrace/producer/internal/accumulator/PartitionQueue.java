package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.record.RecordBatchWriter;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.time.Ticker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that were accepted and not yet drained: full batches, and at the end the open one.
 *
 * <p>Callers append, the event loop drains, both under the queue's lock, under which nothing waits and no user code runs.
 * A batch that has reached {@code batch-size} stays open until it is drained or has grown to the largest a request may
 * carry: while the wire is busy batches grow instead of queueing up. Sizes are those on the wire; where batches will be
 * compressed they are estimated.
 */
public final class PartitionQueue {

    /** What {@link #waitNanos} says of an empty queue. */
    public static final long EMPTY = -1;

    private static final long NOTHING_READY = Long.MIN_VALUE;

    private final TopicPartition topicPartition;
    private final RecordAccumulator owner;
    private final BatchLimits limits;
    private final CompressionEstimate estimate;
    private final BufferPool pool;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean retired; // written under lock

    // guarded by lock
    private final Deque<ProducerBatch> full = new ArrayDeque<>(2);
    private final List<ByteBuffer> taken = new ArrayList<>(4);
    private @Nullable ProducerBatch open; // null when the next record starts a batch
    private boolean announced;
    private boolean lingers; // as far as the loop knows: it looked, and nobody has told it since that the batch is full
    private long acceptedRecords;
    private int growthLimitBytes;
    private long queuedBytes;

    // written under the lock, and only when a batch begins, is complete or leaves; read by those who choose a partition
    private volatile int load;
    private volatile boolean filling;
    private volatile long readyNanos = NOTHING_READY;

    PartitionQueue(TopicPartition topicPartition, RecordAccumulator owner, CompressionEstimate estimate) {
        this.topicPartition = topicPartition;
        this.owner = owner;
        this.limits = owner.limits();
        this.estimate = estimate;
        this.growthLimitBytes = limits.maxBatchBytes();
        this.pool = owner.pool();
        this.ticker = owner.ticker();
    }

    /** Whose records these are. */
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    /** How much is queued, in batch sizes, rounded up. Any thread, without the lock. */
    public int load() {
        return load;
    }

    /** Whether the last batch is smaller than the batch size and waits for more. Any thread, without the lock. */
    public boolean isFilling() {
        return filling;
    }

    /**
     * Whether something has been ready for longer than this and nothing was drained meanwhile. Any thread, without the
     * lock.
     */
    public boolean isOverdue(long nowNanos, long timeoutNanos) {
        long since = readyNanos;
        return since != NOTHING_READY && nowNanos - since > timeoutNanos;
    }

    /** What became of an attempt to append. */
    enum AppendResult {
        /** The record is in, and the loop knows of the queue or will hear of it. */
        APPENDED,
        /** The record is in, and the loop must be told to look at this queue. */
        APPENDED_FIRST,
        /** Nothing changed: there are not enough free chunks. */
        NEEDS_MEMORY,
        /** Nothing changed: the producer is closed. */
        CLOSED,
        /** Nothing changed: the queue was given up as idle, its topic has another one now. */
        RETIRED
    }

    /**
     * Appends at the end.
     *
     * @param spare chunks the caller has already obtained; what is used is removed from the list
     */
    AppendResult tryAppend(SerializedRecord record, RecordCompletion completion, List<ByteBuffer> spare) {
        lock.lock();
        try {
            if (owner.isClosed()) {
                return AppendResult.CLOSED;
            }
            return retired ? AppendResult.RETIRED : append(record, completion, spare, null);
        } finally {
            lock.unlock();
        }
    }

    /** Appends a record whose memory is accounted for elsewhere until this returns. */
    AppendResult appendWaiting(WaitingRecord waiting) {
        List<ByteBuffer> spare = new ArrayList<>();
        lock.lock();
        try {
            pool.takeBeyondLimit(BufferPool.chunksFor(waiting.record().batchUpperBoundBytes()), spare);
            return append(waiting.record(), waiting.completion(), spare, waiting);
        } finally {
            lock.unlock();
            pool.give(spare);
        }
    }

    /**
     * How long until there is something to drain.
     *
     * @return nanoseconds, 0 for now, {@link #EMPTY} if there is nothing at all
     */
    public long waitNanos(long nowNanos) {
        lock.lock();
        try {
            announced = false;
            ProducerBatch head = full.isEmpty() ? open : full.peek();
            if (head == null) {
                return EMPTY;
            }
            dateOpen(nowNanos);
            long waitNanos = !full.isEmpty() || isFull(head) || head.isFlushRequested() || owner.isHurried()
                    ? 0
                    : Math.max(0, limits.lingerNanos() - (nowNanos - head.createdNanos()));
            lingers = waitNanos > 0;
            if (!lingers) {
                head.times().ready(nowNanos);
            }
            return waitNanos;
        } finally {
            lock.unlock();
        }
    }

    /** About the size of what {@link #drain} would give, 0 if there is nothing. */
    public int headBytes() {
        lock.lock();
        try {
            ProducerBatch head = full.isEmpty() ? open : full.peek();
            return head == null ? 0 : estimate.wireBytes(head.sizeBytes());
        } finally {
            lock.unlock();
        }
    }

    /** When the oldest record was accepted; meaningless while {@link #headBytes} is 0. */
    public long oldestNanos() {
        lock.lock();
        try {
            ProducerBatch head = full.isEmpty() ? open : full.peek();
            return head == null ? 0 : head.createdNanos();
        } finally {
            lock.unlock();
        }
    }

    /**
     * By when the records of the oldest batch had been accepted, as far as that is known; meaningless while
     * {@link #headBytes} is 0.
     */
    public long acceptedUntilNanos() {
        lock.lock();
        try {
            ProducerBatch head = full.isEmpty() ? open : full.peek();
            return head == null ? 0 : head.acceptedUntilNanos();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest batch, sealed, or null if there is none. Event loop. */
    public @Nullable ProducerBatch drain() {
        ProducerBatch batch = takeUnsealed();
        if (batch == null) {
            return null;
        }
        try {
            batch.writer().seal();
            return batch;
        } catch (Throwable failed) {
            putBack(batch); // whoever ends the queue's records must find these too
            throw failed;
        }
    }

    /** Takes the oldest batch as it is, to end and not to send it; null if there is none. Event loop. */
    public @Nullable ProducerBatch takeUnsealed() {
        lock.lock();
        try {
            return takeHead();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the oldest batch as it is if all its records were accepted so long ago; null if they were not, or there is
     * none. Event loop.
     */
    public @Nullable ProducerBatch takeExpired(long nowNanos, long timeoutNanos) {
        lock.lock();
        try {
            dateOpen(nowNanos);
            ProducerBatch head = full.isEmpty() ? open : full.peek();
            boolean expired = head != null && nowNanos - head.acceptedUntilNanos() >= timeoutNanos;
            return expired ? takeHead() : null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ProducerBatch takeHead() {
        ProducerBatch batch = full.poll();
        if (batch == null) {
            batch = open;
            if (batch != null) {
                batch.date(ticker.nanos());
            }
            open = null;
        }
        if (batch != null) {
            uncount(batch);
        }
        return batch;
    }

    private void putBack(ProducerBatch batch) {
        lock.lock();
        try {
            full.addFirst(batch);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest batch, sealed, if it grows no more whatever comes; null if there is none. Event loop. */
    public @Nullable ProducerBatch drainGrown() {
        ProducerBatch batch;
        lock.lock();
        try {
            batch = full.poll();
            if (batch != null) {
                uncount(batch);
            }
        } finally {
            lock.unlock();
        }
        if (batch == null) {
            return null;
        }
        try {
            batch.writer().seal();
            return batch;
        } catch (Throwable failed) {
            putBack(batch);
            throw failed;
        }
    }

    /** The largest batch that should be sent. */
    int growthLimitBytes() {
        lock.lock();
        try {
            return growthLimitBytes;
        } finally {
            lock.unlock();
        }
    }

    /** What has become of a batch's records by compression. */
    void observe(int plainRecordsBytes, int wireRecordsBytes) {
        estimate.observe(plainRecordsBytes, wireRecordsBytes);
    }

    /**
     * Lets the open batch take no more records if it would be too old for that by the next look; see {@link OpenTime}.
     * Event loop.
     *
     * @return whether there was such a batch
     */
    public boolean closeOld(long nowNanos) {
        lock.lock();
        try {
            dateOpen(nowNanos);
            ProducerBatch old = open;
            if (old == null || limits.openTime().allows(nowNanos - old.createdNanos())) {
                return false;
            }
            full.add(old);
            open = null;
            filling = false;
            readyAt(nowNanos);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last batch takes more records. If not, the loop will be told of the next record. Event loop. */
    public boolean isOpen() {
        lock.lock();
        try {
            announced &= open != null; // of a partition that waits for answers nobody else may have asked
            return open != null;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes in batches not drained, before compression. */
    public long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** The broker takes no larger batches than this for the partition: none grows beyond it any more. */
    void limitGrowth(int bytes) {
        lock.lock();
        try {
            growthLimitBytes = Math.min(growthLimitBytes, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Makes what is queued go out without lingering, and the ticket wait for it. */
    boolean requestFlush() {
        lock.lock();
        try {
            if (open != null) {
                open.requestFlush();
            }
            return announce();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps everybody else out, to retire the queue together with others; {@link #unlock} ends that. */
    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** Whether nothing is queued and the loop need not look. Under the lock. */
    boolean isQuiet() {
        assert lock.isHeldByCurrentThread();
        return open == null && full.isEmpty() && !announced;
    }

    /** Takes nothing more: whoever still has the queue has to look up the topic's other one. Under the lock. */
    void retire() {
        assert lock.isHeldByCurrentThread();
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    /** Records accepted since the beginning. */
    long acceptedRecords() {
        lock.lock();
        try {
            return acceptedRecords;
        } finally {
            lock.unlock();
        }
    }

    private AppendResult append(
            SerializedRecord record,
            RecordCompletion completion,
            List<ByteBuffer> spare,
            @Nullable WaitingRecord waiting) {
        ProducerBatch previous = open;
        int bodyBytes = previous == null ? 0 : previous.writer().bodyBytes(record);
        boolean starts = previous == null || !hasRoomToGrow(previous, bodyBytes) || !isYoungEnough(previous, waiting);
        ProducerBatch batch = previous == null || starts ? newBatch(waiting) : previous;
        if (starts) {
            bodyBytes = batch.writer().bodyBytes(record);
        }
        if (!provideRoom(batch, RecordBatchWriter.framed(bodyBytes), spare)) {
            return AppendResult.NEEDS_MEMORY;
        }
        int bytesBefore = starts ? 0 : batch.sizeBytes();
        batch.append(record, bodyBytes, completion);
        if (waiting != null) {
            batch.dateLast(waiting.acceptedNanos());
        }
        completion.appended(batch.sizeBytes() - bytesBefore);
        acceptedRecords++;
        boolean isFlushed = waiting != null && waiting.handTicketsTo(batch);
        if (starts) {
            if (previous != null) {
                previous.date(batch.times().openedNanos());
                full.add(previous);
            }
            open = batch;
            owner.opened(batch);
        }
        boolean reachedSize = (starts || lingers) && isFull(batch); // perhaps by what other batches came to meanwhile
        lingers = (starts || lingers) && !reachedSize;
        count(batch, completion.grownBytes(), starts, reachedSize);
        return (starts || reachedSize || isFlushed) && announce() ? AppendResult.APPENDED_FIRST : AppendResult.APPENDED;
    }

    private void dateOpen(long nowNanos) {
        ProducerBatch batch = open;
        if (batch != null) {
            batch.date(nowNanos);
        }
    }

    private ProducerBatch newBatch(@Nullable WaitingRecord waiting) {
        long now = ticker.nanos();
        return new ProducerBatch(topicPartition, waiting == null ? now : waiting.acceptedNanos(), now);
    }

    private void count(ProducerBatch batch, int bytes, boolean starts, boolean reachedSize) {
        queuedBytes += bytes;
        if (queuedBytes > (long) load * loadUnitBytes()) {
            publishLoad();
        }
        if (starts || reachedSize) {
            filling = !isFull(batch);
            // from now on and not from when the record came: it may have waited for its topic, not for a broker
            readyAt(ticker.nanos() + (filling && full.isEmpty() ? limits.lingerNanos() : 0));
        }
    }

    private void uncount(ProducerBatch drained) {
        ProducerBatch tail = open;
        queuedBytes = tail == null ? 0 : Math.max(tail.sizeBytes(), queuedBytes - drained.sizeBytes());
        publishLoad();
        readyNanos = NOTHING_READY;
        if (tail == null) {
            filling = false;
        } else {
            long now = ticker.nanos(); // whatever was ready could be sent until now
            long lingersNanos = tail.createdNanos() + limits.lingerNanos() - now;
            readyAt(full.isEmpty() && filling ? now + Math.max(0, lingersNanos) : now);
        }
    }

    private void readyAt(long nanos) {
        if (readyNanos == NOTHING_READY || nanos - readyNanos < 0) {
            readyNanos = nanos;
        }
    }

    private void publishLoad() {
        load = (int) Math.min(Integer.MAX_VALUE, (queuedBytes + loadUnitBytes() - 1) / loadUnitBytes());
    }

    private int loadUnitBytes() {
        return Math.max(1, limits.batchSizeBytes());
    }

    private boolean hasRoomToGrow(ProducerBatch batch, int bodyBytes) {
        int grown = batch.sizeBytes() + RecordBatchWriter.framed(bodyBytes);
        return grown <= limits.maxPlainBytes() && estimate.wireBytes(grown) <= growthLimitBytes;
    }

    /** Of a batch whose first record waited for its topic, only others that did may be young enough. Reads no clock. */
    private boolean isYoungEnough(ProducerBatch batch, @Nullable WaitingRecord waiting) {
        long untilNanos = waiting == null ? batch.times().openedNanos() : waiting.acceptedNanos();
        return limits.openTime().allows(untilNanos - batch.createdNanos());
    }

    /** Whether the batch has chunks for the record, taken from the spare ones first. */
    private boolean provideRoom(ProducerBatch batch, int recordBytes, List<ByteBuffer> spare) {
        boolean starts = batch.recordCount() == 0;
        int header = starts ? batch.sizeBytes() : 0;
        int missing = header + recordBytes - batch.writer().roomBytes();
        if (missing <= 0) {
            return true;
        }
        int chunks = BufferPool.chunksFor(missing);
        int fromPool = chunks - Math.min(chunks, spare.size());
        if (fromPool > 0 && !pool.tryTake(fromPool, taken)) {
            return false;
        }
        for (int i = fromPool; i < chunks; i++) {
            taken.add(spare.remove(spare.size() - 1));
        }
        taken.forEach(batch.writer()::addChunk);
        taken.clear();
        return true;
    }

    private boolean isFull(ProducerBatch batch) {
        return estimate.wireBytes(batch.sizeBytes()) >= Math.min(limits.batchSizeBytes(), growthLimitBytes);
    }

    /** Whether the loop has to be told; until it looks, telling it once is enough. */
    private boolean announce() {
        if (announced) {
            return false;
        }
        announced = true;
        owner.changed(this);
        return true;
    }
}
