package dev.millrace.producer.internal.accumulator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The producer's buffer memory: chunks of {@value #CHUNK_BYTES} B of direct memory, handed out up to a limit and reused
 * last in, first out, so that the bytes written next are the ones still in the processor's cache.
 *
 * <p>Memory is allocated as it is first needed and never given back while the producer lives. Waiting is first come,
 * first served: a newcomer never overtakes, however little it wants. Any thread. Its lock comes after that of a partition
 * queue and no other lock is taken under it.
 */
public final class BufferPool {

    /** Size of a chunk. */
    public static final int CHUNK_BYTES = 4096;

    private static final int SLAB_CHUNKS = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final int limitChunks;

    // guarded by lock
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private int allocatedChunks;
    private int usedChunks;
    private boolean closed;

    /** A pool of at most {@code limitBytes}, rounded down to whole chunks, at least one. */
    public BufferPool(long limitBytes) {
        this.limitChunks = (int) Math.max(1, Math.min(limitBytes / CHUNK_BYTES, Integer.MAX_VALUE));
    }

    /** Chunks that hold this many bytes. */
    public static int chunksFor(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /**
     * Takes chunks if they are free right now and nobody waits; all of them or none.
     *
     * @return whether they were added to {@code into}
     */
    public boolean tryTake(int count, List<ByteBuffer> into) {
        lock.lock();
        try {
            if (closed || !waiters.isEmpty() || !isFree(count)) {
                return false;
            }
            take(count, into);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes chunks whatever the limit says. For memory that is already accounted for elsewhere and about to be released
     * there; the pool may exceed its limit by that much for a moment.
     */
    public void takeBeyondLimit(int count, List<ByteBuffer> into) {
        lock.lock();
        try {
            take(count, into);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the chunks are free and takes them.
     *
     * @param count at most {@link #limitChunks}
     * @return whether they were added to {@code into} before the time passed; false also if the pool is closed
     * @throws InterruptedException if the thread is interrupted; nothing is taken
     */
    public boolean take(int count, long timeoutNanos, List<ByteBuffer> into) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!await(new Waiter(count, lock.newCondition()), timeoutNanos)) {
                return false;
            }
            usedChunks -= count;
            try {
                take(count, into); // counts them again, unless the operating system has no memory left
            } finally {
                serveWaiters(); // in that case the share is the next one's
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Accounts for memory outside the pool, as {@link #tryTake} does.
     *
     * @return whether there was room for it
     */
    public boolean tryReserve(int chunks) {
        lock.lock();
        try {
            if (closed || !waiters.isEmpty() || !isFree(chunks)) {
                return false;
            }
            usedChunks += chunks;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits as {@link #take} does, and accounts for memory outside the pool. */
    public boolean reserve(int chunks, long timeoutNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return await(new Waiter(chunks, lock.newCondition()), timeoutNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a reservation. */
    public void unreserve(int chunks) {
        lock.lock();
        try {
            usedChunks -= chunks;
            serveWaiters();
        } finally {
            lock.unlock();
        }
    }

    /** Gives chunks back; they are cleared here. */
    public void give(List<ByteBuffer> chunks) {
        if (chunks.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (int i = chunks.size() - 1; i >= 0; i--) {
                free.push(chunks.get(i).clear());
            }
            usedChunks -= chunks.size();
            serveWaiters();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all waiters empty-handed; from here on nobody gets anything. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiters.forEach(waiter -> waiter.wakeUp.signal());
        } finally {
            lock.unlock();
        }
    }

    /** The most that can be handed out. */
    public int limitChunks() {
        return limitChunks;
    }

    /** The state at this moment. */
    public Usage usage() {
        lock.lock();
        try {
            return new Usage(
                    (long) usedChunks * CHUNK_BYTES,
                    (long) limitChunks * CHUNK_BYTES,
                    (long) allocatedChunks * CHUNK_BYTES,
                    waiters.size());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a pool holds.
     *
     * @param usedBytes handed out or reserved
     * @param limitBytes the most that may be handed out
     * @param allocatedBytes taken from the operating system so far
     * @param waitingThreads threads that wait for memory
     */
    public record Usage(long usedBytes, long limitBytes, long allocatedBytes, int waitingThreads) {}

    private boolean await(Waiter waiter, long timeoutNanos) throws InterruptedException {
        if (!closed && waiters.isEmpty() && isFree(waiter.chunks)) {
            usedChunks += waiter.chunks;
            return true;
        }
        waiters.add(waiter);
        try {
            long leftNanos = timeoutNanos;
            while (!waiter.served && !closed && leftNanos > 0) {
                leftNanos = waiter.wakeUp.awaitNanos(leftNanos);
            }
            return waiter.served;
        } catch (InterruptedException e) {
            if (waiter.served) {
                usedChunks -= waiter.chunks;
                waiter.served = false;
            }
            throw e;
        } finally {
            waiters.remove(waiter);
            serveWaiters(); // whoever stood behind may fit now
        }
    }

    private void serveWaiters() {
        Waiter next;
        while (!closed && (next = waiters.peek()) != null && isFree(next.chunks)) {
            waiters.remove();
            usedChunks += next.chunks;
            next.served = true;
            next.wakeUp.signal();
        }
    }

    /** By subtraction: limit and count may both be near the largest int. */
    private boolean isFree(int count) {
        return count <= limitChunks - usedChunks;
    }

    private void take(int count, List<ByteBuffer> into) {
        while (free.size() < count) {
            allocateSlab();
        }
        for (int i = 0; i < count; i++) {
            into.add(free.pop());
        }
        usedChunks += count;
    }

    private void allocateSlab() {
        ByteBuffer slab = ByteBuffer.allocateDirect(SLAB_CHUNKS * CHUNK_BYTES);
        for (int i = SLAB_CHUNKS - 1; i >= 0; i--) {
            free.push(slab.slice(i * CHUNK_BYTES, CHUNK_BYTES));
        }
        allocatedChunks += SLAB_CHUNKS;
    }

    /** A thread in line. */
    private static final class Waiter {
        final int chunks;
        final Condition wakeUp;
        boolean served;

        Waiter(int chunks, Condition wakeUp) {
            this.chunks = chunks;
            this.wakeUp = wakeUp;
        }
    }
}
