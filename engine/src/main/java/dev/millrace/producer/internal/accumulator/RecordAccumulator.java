package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.record.RecordBatchWriter;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.time.Ticker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All records that were accepted and not yet drained, by topic and partition, within a bounded memory.
 *
 * <p>Callers append; the event loop polls the queues that have something new ({@link #pollChanged}) and drains them. No
 * operation walks queues in which nothing happened, except {@link #flush} and {@link #acceptedRecords}.
 */
public final class RecordAccumulator {

    private final BatchLimits limits;
    private final BufferPool pool;
    private final WaitingMemory waitingMemory;
    private final Ticker ticker;
    private final Completions completions;
    private final Runnable wakeUp;
    private final Codec codec;

    private final ConcurrentMap<String, TopicQueues> topics = new ConcurrentHashMap<>();
    private final Queue<PartitionQueue> changed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger memoryWanted = new AtomicInteger();

    // held while a topic is given up, and while records are counted, so that none is counted twice or not at all
    private final ReentrantLock retiring = new ReentrantLock();
    private long acceptedByRetired; // guarded by retiring

    private volatile boolean closed;
    private volatile boolean hurried;

    /**
     * An empty accumulator.
     *
     * @param wakeUp makes the event loop look at the changed queues; called without locks, from any thread
     */
    public RecordAccumulator(
            BatchLimits limits, BufferPool pool, Completions completions, Ticker ticker, Runnable wakeUp) {
        this(limits, pool, completions, ticker, wakeUp, Codec.NONE);
    }

    /** As above, for batches that are compressed. */
    public RecordAccumulator(
            BatchLimits limits, BufferPool pool, Completions completions, Ticker ticker, Runnable wakeUp, Codec codec) {
        this.limits = limits;
        this.pool = pool;
        this.waitingMemory = new WaitingMemory(pool);
        this.completions = completions;
        this.ticker = ticker;
        this.wakeUp = wakeUp;
        this.codec = codec;
    }

    /** The topic's queues, created when they are first asked for. */
    public TopicQueues topic(String name) {
        TopicQueues queues = topics.get(name);
        return queues != null ? queues : topics.computeIfAbsent(name, topic -> new TopicQueues(topic, this));
    }

    /** What became of a record handed over. */
    public enum Acceptance {
        /** The record is in; its completion will be called exactly once. */
        ACCEPTED,
        /** No memory became free in time; nothing is kept. */
        NO_MEMORY,
        /** The producer is closed; nothing is kept. */
        CLOSED,
        /** The topic was given up as idle at this moment; nothing is kept, and {@link #topic} has it anew. */
        RETIRED
    }

    /**
     * Appends a record to a partition, waiting for memory if need be.
     *
     * @param waitNanos the longest wait for memory; 0 never waits
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is kept
     */
    public Acceptance append(PartitionQueue queue, SerializedRecord record, RecordCompletion completion, long waitNanos)
            throws InterruptedException {
        switch (queue.tryAppend(record, completion, List.of())) {
            case APPENDED_FIRST:
                wakeUp.run();
                return Acceptance.ACCEPTED;
            case APPENDED:
                return Acceptance.ACCEPTED;
            case CLOSED:
                return Acceptance.CLOSED;
            case RETIRED:
                return Acceptance.RETIRED;
            case NEEDS_MEMORY:
            default:
                return appendWithMemory(queue, record, completion, waitNanos);
        }
    }

    /**
     * Keeps a record until its topic's partitions are known, behind those that wait already.
     *
     * @param mustWait whether the record has to wait, asked under the topic's lock; if it says no nothing happens
     * @param waitNanos the longest wait for memory; 0 never waits
     * @return null if the record need not wait
     */
    public @Nullable Acceptance appendUnassigned(
            TopicQueues topic, UnassignedRecord unassigned, Predicate<Iterable<WaitingRecord>> mustWait, long waitNanos)
            throws InterruptedException {
        LateBytes late = unassigned.bytes();
        long cost = WaitingMemory.costOf(
                unassigned.record().batchUpperBoundBytes() + (late == null ? 0 : late.expectedBytes()));
        if (closed || !waitingMemory.add(cost, chunks -> reserve(chunks, waitNanos))) {
            return closed ? Acceptance.CLOSED : Acceptance.NO_MEMORY;
        }
        WaitingRecord waiting = new WaitingRecord(unassigned, ticker.nanos(), cost);
        if (topic.tryWait(waiting, mustWait)) {
            return Acceptance.ACCEPTED;
        }
        waitingMemory.remove(cost);
        if (closed) {
            return Acceptance.CLOSED;
        }
        return topic.isRetired() ? Acceptance.RETIRED : null;
    }

    /**
     * The bytes of a record that was accepted without them are there.
     *
     * @param bytes arrays of its own
     * @return false if the record has ended meanwhile, and nobody wants them
     */
    public boolean bytesArrived(TopicQueues topic, WaitingRecord waiting, SerializedRecord bytes) {
        Long more = topic.bytesArrived(waiting, bytes, WaitingMemory.costOf(bytes.batchUpperBoundBytes()));
        if (more != null) {
            waitingMemory.correct(more);
        }
        return more != null;
    }

    /** Moves what can be assigned from waiting into partition queues, in order. */
    public void assignWaiting(TopicQueues topic, TopicQueues.Assigner assigner) {
        if (topic.hasWaiting() && topic.assign(assigner)) {
            wakeUp.run();
        }
    }

    /**
     * Takes out waiting records, oldest first, and gives their memory back. The caller fails them, with
     * {@link Completions#failWaiting}.
     */
    public List<WaitingRecord> removeWaiting(TopicQueues topic, Predicate<WaitingRecord> which) {
        List<WaitingRecord> removed = topic.removeWaiting(which);
        removed.forEach(record -> waitingMemory.remove(record.costBytes()));
        return removed;
    }

    /** The next queue something happened in, or null. Each is given once for any number of events. Event loop. */
    public @Nullable PartitionQueue pollChanged() {
        PartitionQueue next = changed.poll();
        while (next != null && next.isRetired()) { // nothing is in it
            next = changed.poll();
        }
        return next;
    }

    /** The topics that are in use. */
    public Iterable<TopicQueues> topics() {
        return topics.values();
    }

    /** Waits until some memory is free, without taking it. For whoever is to be held up by those who use the memory. */
    public void awaitRoom(long waitNanos) throws InterruptedException {
        if (reserve(1, waitNanos)) {
            pool.unreserve(1);
        }
    }

    /**
     * Waits for room without a thread, in line with the threads that wait for memory. While it waits nothing lingers.
     *
     * @param bytes how much must be free; at most the whole buffer is asked for
     * @param whyClosed what it fails with when the producer closes
     * @return completed, on the delivery executor unless there is room right now
     */
    public CompletableFuture<Void> whenRoom(long bytes, Supplier<ProducerException> whyClosed) {
        int chunks = Math.min(pool.limitChunks(), Math.max(1, BufferPool.chunksFor(bytes)));
        memoryWanted.incrementAndGet();
        RoomFuture room =
                new RoomFuture(chunks, pool, completions.delivery(), whyClosed, memoryWanted::decrementAndGet);
        room.lineUp();
        if (!room.isDone()) {
            wakeUp.run();
        }
        return room;
    }

    /**
     * Makes everything queued go out without lingering.
     *
     * @return completes when all records accepted before this call are delivered or failed and their callbacks have run
     */
    public CompletableFuture<Void> flush() {
        FlushTicket ticket = new FlushTicket();
        boolean announce = false;
        for (TopicQueues topic : topics.values()) {
            topic.attachToWaiting(ticket); // before the batches: records move from here to there
        }
        for (ProducerBatch batch : completions.attachToIncomplete(ticket)) {
            PartitionQueue queue = existingQueue(batch.topicPartition());
            announce |= queue != null && queue.requestFlush(); // without a queue the batch only waits for its callbacks
        }
        if (announce) {
            wakeUp.run();
        }
        ticket.countDown();
        return ticket.done();
    }

    /** From here on nothing lingers; for a producer that closes. */
    public void hurry() {
        hurried = true;
    }

    /** From here on nothing is accepted; what is in stays in. */
    public void close() {
        closed = true;
        pool.close();
        topics.values().forEach(TopicQueues::acceptedRecords); // locks and unlocks the topic and its queues: a fence
    }

    /** Records accepted since the beginning. Walks all queues. */
    public long acceptedRecords() {
        retiring.lock();
        try {
            long sum = acceptedByRetired;
            for (TopicQueues topic : topics.values()) {
                sum += topic.acceptedRecords();
            }
            return sum;
        } finally {
            retiring.unlock();
        }
    }

    /**
     * Gives a topic up if nothing waits or is queued in it. Whoever still holds its queues is told
     * {@link Acceptance#RETIRED} and finds new ones. Event loop.
     *
     * @param isQuiet asked for each queue, under locks: whether nothing of it is under way either
     */
    public boolean retire(TopicQueues topic, Predicate<PartitionQueue> isQuiet) {
        retiring.lock();
        try {
            return topic.tryRetire(isQuiet, () -> {
                acceptedByRetired += topic.acceptedRecords();
                topics.remove(
                        topic.topic(), topic); // before its queues refuse, or who is refused would find them again
            });
        } finally {
            retiring.unlock();
        }
    }

    /** Whether lingering makes no sense now: the producer closes, or some thread waits for memory. */
    public boolean isHurried() {
        return hurried || memoryWanted.get() > 0;
    }

    /** What has to be done with a drained batch before it can be sent. Event loop. */
    public SealWork seal(PartitionQueue queue, ProducerBatch batch) {
        return SealWork.seal(queue, batch, codec, pool, queue.growthLimitBytes());
    }

    /**
     * What has to be done with a batch the broker finds too large: spread its records over smaller ones. From then on the
     * partition's batches grow no larger than these. Event loop; no transport borrows the batch.
     */
    public SealWork split(PartitionQueue queue, ProducerBatch batch) {
        int pieceBytes = Math.min(Math.max(1, limits.batchSizeBytes()), batch.sizeBytes() / 2);
        return SealWork.split(queue, batch, codec, pool, pieceBytes);
    }

    /**
     * Applies work that was done and has not failed. Event loop; the batch's records are not completed.
     *
     * @return what is to be sent instead of the batch, in order: itself, or pieces, and then its own memory is released
     */
    public List<ProducerBatch> finish(SealWork work) {
        ProducerBatch batch = work.batch();
        PartitionQueue queue = work.queue();
        if (work.isSplit()) {
            queue.limitGrowth(work.limitBytes());
        }
        RecordCompression compression = work.compression();
        int plainBytes = batch.writer().plainRecordsBytes();
        List<RecordBatchWriter> writers = work.pieces();
        if (compression != null && codec != Codec.NONE && compression.failure() == null) {
            queue.observe(
                    plainBytes, compression.hasOutput() ? compression.output().sizeBytes() : plainBytes);
        }
        if (writers != null) {
            List<ProducerBatch> pieces = batch.splitInto(writers);
            completions.replaced(batch, pieces);
            release(batch);
            if (compression != null) {
                compression.discard();
            }
            return pieces;
        }
        if (compression != null && compression.hasOutput()) {
            pool.give(batch.writer().replaceRecords(codec.type(), compression.output()));
        }
        return List.of(batch);
    }

    /** Gives up what work has made; its batch is as it was. Event loop. */
    public void discard(SealWork work) {
        work.discard();
    }

    /** Whether batches are compressed, so that there is something to be done ahead of sending. */
    public boolean compresses() {
        return codec != Codec.NONE;
    }

    /** Gives a drained batch's memory back; no transport may borrow it any more. Event loop. */
    public void release(ProducerBatch batch) {
        pool.give(batch.writer().releaseChunks());
    }

    private @Nullable PartitionQueue existingQueue(TopicPartition partition) {
        TopicQueues topic = topics.get(partition.topic());
        return topic == null ? null : topic.existingQueue(partition.partition());
    }

    void opened(ProducerBatch batch) {
        completions.opened(batch);
    }

    void changed(PartitionQueue queue) {
        changed.add(queue);
    }

    boolean isClosed() {
        return closed;
    }

    /** How large batches get, and how long they stay open. */
    public BatchLimits limits() {
        return limits;
    }

    BufferPool pool() {
        return pool;
    }

    WaitingMemory waitingMemory() {
        return waitingMemory;
    }

    Ticker ticker() {
        return ticker;
    }

    private Acceptance appendWithMemory(
            PartitionQueue queue, SerializedRecord record, RecordCompletion completion, long waitNanos)
            throws InterruptedException {
        int chunks = BufferPool.chunksFor(record.batchUpperBoundBytes());
        List<ByteBuffer> spare = new ArrayList<>(chunks);
        if (!takeChunks(chunks, waitNanos, spare)) {
            return closed ? Acceptance.CLOSED : Acceptance.NO_MEMORY;
        }
        try {
            switch (queue.tryAppend(record, completion, spare)) {
                case CLOSED:
                    return Acceptance.CLOSED;
                case RETIRED:
                    return Acceptance.RETIRED;
                case APPENDED_FIRST:
                    wakeUp.run();
                    return Acceptance.ACCEPTED;
                case APPENDED:
                    return Acceptance.ACCEPTED;
                case NEEDS_MEMORY:
                default:
                    throw new IllegalStateException("record needs more than its upper bound: partition="
                            + queue.topicPartition() + " bound=" + record.batchUpperBoundBytes() + " B");
            }
        } finally {
            pool.give(spare);
        }
    }

    private boolean takeChunks(int chunks, long waitNanos, List<ByteBuffer> into) throws InterruptedException {
        if (pool.tryTake(chunks, into)) {
            return true;
        }
        if (waitNanos <= 0) {
            return false;
        }
        memoryWanted.incrementAndGet();
        try {
            wakeUp.run(); // whoever waits for memory ends all lingering
            return pool.take(chunks, waitNanos, into);
        } finally {
            memoryWanted.decrementAndGet();
        }
    }

    private boolean reserve(int chunks, long waitNanos) throws InterruptedException {
        if (pool.tryReserve(chunks)) {
            return true;
        }
        if (waitNanos <= 0) {
            return false;
        }
        memoryWanted.incrementAndGet();
        try {
            wakeUp.run();
            return pool.reserve(chunks, waitNanos);
        } finally {
            memoryWanted.decrementAndGet();
        }
    }
}
