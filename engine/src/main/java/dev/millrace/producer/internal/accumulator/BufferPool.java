package dev.millrace.producer.internal.accumulator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
    private int withheldChunks;
    private final List<Runnable> called = new ArrayList<>(0);
    private @Nullable Waiter turn; // whose chunks the thread below may take
    private @Nullable Thread turnThread;
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
            if (!claim(count)) {
                return false;
            }
            handOut(count, into);
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
            try {
                handOut(count, into);
            } finally {
                serveWaiters(); // if the operating system has no memory left the share is the next one's
            }
            return true;
        } finally {
            unlockAndCall();
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
            return claim(chunks);
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
            unlockAndCall();
        }
    }

    /** Ends a reservation. */
    public void unreserve(int chunks) {
        lock.lock();
        try {
            usedChunks -= chunks;
            serveWaiters();
        } finally {
            unlockAndCall();
        }
    }

    /** Accounts for what waits for slow callbacks, whatever the limit says; negative to end it. */
    void withhold(int chunks) {
        lock.lock();
        try {
            usedChunks += chunks;
            withheldChunks += chunks;
            serveWaiters();
        } finally {
            unlockAndCall();
        }
    }

    /** Somebody who waits in line without a thread. Called without the pool's lock, on the thread that made room. */
    interface Customer {

        /** It is this customer's turn: its chunks are set aside until {@link #leave}. */
        void onTurn();

        /** The pool was closed; the place is gone. */
        void onClosed();
    }

    /** A place for a customer, not yet in line; {@code count} is at most {@link #limitChunks}. */
    Place placeFor(int count, Customer customer) {
        return new Waiter(count, customer);
    }

    /**
     * Stands in line with the threads that wait, without a thread. The chunks are set aside when its turn comes, for what is
     * taken in {@link #useTurn}.
     *
     * @return false if the chunks are free right now and nobody waits, so that there is nothing to wait for
     */
    boolean lineUp(Place place) {
        Waiter waiter = (Waiter) place;
        lock.lock();
        try {
            if (closed && waiter.customer != null) {
                called.add(waiter.customer::onClosed);
            } else if (waiters.isEmpty() && isFree(waiter.chunks)) {
                return false;
            } else {
                waiters.add(waiter);
            }
            return true;
        } finally {
            unlockAndCall();
        }
    }

    /** Runs something that may take what was set aside for this place. The calling thread must be one at a time. */
    void useTurn(Place place, Runnable taking) {
        setTurn((Waiter) place, Thread.currentThread());
        try {
            taking.run();
        } finally {
            setTurn(null, null);
        }
    }

    /** Gives up the place, and what of its turn was not used. Calling it again is harmless. */
    void leave(Place place) {
        Waiter left = (Waiter) place;
        lock.lock();
        try {
            if (!waiters.remove(left)) {
                usedChunks -= left.setAside;
                left.setAside = 0;
            }
            serveWaiters();
        } finally {
            unlockAndCall();
        }
    }

    private void setTurn(@Nullable Waiter place, @Nullable Thread thread) {
        lock.lock();
        try {
            turn = place;
            turnThread = thread;
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
            unlockAndCall();
        }
    }

    /** Wakes all waiters empty-handed; from here on nobody gets anything. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (waiter.wakeUp != null) {
                    waiter.wakeUp.signal();
                } else if (waiter.customer != null) {
                    all.remove();
                    called.add(waiter.customer::onClosed);
                }
            }
        } finally {
            unlockAndCall();
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
                    (long) withheldChunks * CHUNK_BYTES,
                    (int) waiters.stream().filter(each -> each.wakeUp != null).count());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a pool holds.
     *
     * @param usedBytes handed out, reserved, set aside or withheld
     * @param limitBytes the most that may be handed out
     * @param allocatedBytes taken from the operating system so far
     * @param withheldBytes of the used ones, what counts because callbacks have yet to hear of it
     * @param waitingThreads threads that wait for memory
     */
    public record Usage(long usedBytes, long limitBytes, long allocatedBytes, long withheldBytes, int waitingThreads) {}

    private boolean await(Waiter waiter, long timeoutNanos) throws InterruptedException {
        if (!closed && waiters.isEmpty() && isFree(waiter.chunks)) {
            usedChunks += waiter.chunks;
            return true;
        }
        waiters.add(waiter);
        try {
            long leftNanos = timeoutNanos;
            while (waiter.wakeUp != null && !waiter.served && !closed && leftNanos > 0) {
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
            if (next.wakeUp != null) {
                next.wakeUp.signal();
            } else if (next.customer != null) {
                next.setAside = next.chunks;
                called.add(next.customer::onTurn);
            }
        }
    }

    /** Counts chunks as used if they are free and nobody waits, or were set aside for what this thread does. */
    private boolean claim(int count) {
        Waiter mine = turnThread == Thread.currentThread() ? turn : null;
        int fromTurn = mine == null ? 0 : Math.min(count, mine.setAside);
        int others = count - fromTurn;
        if (closed || (others > 0 && !(waiters.isEmpty() && isFree(others)))) {
            return false;
        }
        if (mine != null) {
            mine.setAside -= fromTurn;
        }
        usedChunks += others;
        return true;
    }

    /** Hands out chunks that are counted already; if the operating system has no memory left they are not any more. */
    private void handOut(int count, List<ByteBuffer> into) {
        usedChunks -= count;
        take(count, into);
    }

    /** Whoever waits without a thread is told after the lock is free: what it does is its own affair. */
    private void unlockAndCall() {
        List<Runnable> calls = called.isEmpty() ? List.of() : List.copyOf(called);
        called.clear();
        lock.unlock();
        calls.forEach(Runnable::run);
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

    /** A place in line. */
    sealed interface Place permits Waiter {}

    /** A thread or a customer in line. */
    private static final class Waiter implements Place {
        final int chunks;
        final @Nullable Condition wakeUp; // of a thread
        final @Nullable Customer customer; // if it is not a thread
        boolean served;
        int setAside; // of a customer whose turn it is

        Waiter(int chunks, Condition wakeUp) {
            this.chunks = chunks;
            this.wakeUp = wakeUp;
            this.customer = null;
        }

        Waiter(int chunks, Customer customer) {
            this.chunks = chunks;
            this.wakeUp = null;
            this.customer = customer;
        }
    }
}
