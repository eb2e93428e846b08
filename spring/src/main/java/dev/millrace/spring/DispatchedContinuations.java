package dev.millrace.spring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs completions on an executor, those of one partition in order: each partition has its lane, and a lane with something
 * in it has one worker, so what the engine delivers at once is handed over at once.
 *
 * <p>A worker that is about to wait for another send gives up its lane: another one goes on with it, and what the first one
 * waits for can arrive. When continuations are slower than the cluster the lanes fill; then the engine's delivery thread
 * waits, and the engine counts what it could not deliver against its buffer memory and so holds up the senders.
 */
final class DispatchedContinuations implements Continuations {

    private static final Logger LOGGER = LoggerFactory.getLogger(DispatchedContinuations.class);

    private static final int LANES = 64; // a power of two
    private static final int DEFAULT_LIMIT = 16_384;
    private static final int CHUNK = 64; // what a worker takes at a time

    private final Executor executor;
    private final int limit;
    private final int step; // how many may have begun before the count says so
    private final Lane[] lanes = new Lane[LANES];
    private final AtomicInteger handedOver = new AtomicInteger(); // and not yet begun
    private final AtomicInteger waitingWorkers = new AtomicInteger();

    /** Held by who waits for room and who makes it; never while a completion runs. */
    private final ReentrantLock roomLock = new ReentrantLock();

    private final Condition room = roomLock.newCondition();
    private volatile boolean awaitsRoom;

    /** On an executor that somebody else ends. */
    DispatchedContinuations(Executor executor) {
        this(executor, DEFAULT_LIMIT);
    }

    /** With another number of completions that may wait. */
    DispatchedContinuations(Executor executor, int limit) {
        this.executor = executor;
        this.limit = limit;
        this.step = Math.max(1, Math.min(CHUNK, limit / 8));
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new Lane();
        }
    }

    @Override
    public void run(String topic, int partition, Runnable completion) {
        if (handedOver.get() >= limit) {
            awaitRoom();
        }
        lanes[(31 * topic.hashCode() + partition) & (LANES - 1)].add(completion);
    }

    @Override
    public boolean beforeWait() {
        boolean isWorker = false;
        for (Lane lane : lanes) {
            isWorker |= lane.giveUp();
        }
        if (isWorker) {
            waitingWorkers.incrementAndGet();
            makeRoom(); // the delivery thread must not wait for somebody who waits for it
        }
        return isWorker;
    }

    @Override
    public void afterWait(boolean wasReplaced) {
        if (wasReplaced) {
            waitingWorkers.decrementAndGet();
        }
    }

    @Override
    public CompletableFuture<Void> settled() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Lane lane : lanes) {
            CompletableFuture<Void> end = lane.end();
            if (end != null) {
                ends.add(end);
            }
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    private void awaitRoom() {
        roomLock.lock();
        try {
            awaitsRoom = true;
            while (handedOver.get() >= limit && waitingWorkers.get() == 0) {
                room.awaitUninterruptibly();
            }
        } finally {
            awaitsRoom = false;
            roomLock.unlock();
        }
    }

    private void makeRoom() {
        if (awaitsRoom) {
            roomLock.lock();
            try {
                room.signalAll();
            } finally {
                roomLock.unlock();
            }
        }
    }

    /** Completions in order, and who runs them. */
    private final class Lane implements Runnable {

        private final ReentrantLock lock = new ReentrantLock();
        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by lock
        private final ArrayDeque<Runnable> taken = new ArrayDeque<>(); // of the worker, nobody else's
        private int begun; // the worker's, too: what is not counted yet
        private boolean isStarted; // guarded by lock: a worker was asked for and has not come yet
        private volatile @Nullable Thread worker; // written under lock; null if there is none or it has given up

        void add(Runnable completion) {
            handedOver.incrementAndGet();
            boolean start;
            lock.lock();
            try {
                waiting.add(completion);
                start = claimStart();
            } finally {
                lock.unlock();
            }
            startIf(start);
        }

        /** What completes after all that is here now; null if there is nothing. */
        @Nullable CompletableFuture<Void> end() {
            CompletableFuture<Void> end = new CompletableFuture<>();
            lock.lock();
            try {
                if (waiting.isEmpty() && worker == null && !isStarted) {
                    return null;
                }
                waiting.add(() -> end.complete(null));
                handedOver.incrementAndGet();
            } finally {
                lock.unlock();
            }
            return end;
        }

        /** Lets another worker go on if the calling thread is this lane's; says whether it was. */
        boolean giveUp() {
            if (worker != Thread.currentThread()) {
                return false;
            }
            countBegun();
            boolean start;
            lock.lock();
            try {
                while (!taken.isEmpty()) {
                    waiting.addFirst(taken.removeLast());
                }
                worker = null;
                start = !waiting.isEmpty() && claimStart();
            } finally {
                lock.unlock();
            }
            startIf(start);
            return true;
        }

        /** Under the lock. */
        private boolean claimStart() {
            if (worker != null || isStarted) {
                return false;
            }
            isStarted = true;
            return true;
        }

        private void startIf(boolean start) {
            if (start) {
                try {
                    executor.execute(this);
                } catch (RejectedExecutionException ended) {
                    LOGGER.debug("the callback executor takes nothing any more: completing here", ended);
                    run(); // rather here than never
                }
            }
        }

        @Override
        public void run() {
            Thread current = Thread.currentThread();
            Thread outer;
            lock.lock();
            try {
                outer = worker;
                isStarted = false;
                worker = current;
            } finally {
                lock.unlock();
            }
            if (outer != null) {
                throw new IllegalStateException("a lane has one worker: " + outer + ", " + current);
            }
            while (take(current)) {
                for (Runnable next = taken.poll(); next != null; next = nextOf(current)) {
                    begin(next);
                }
            }
        }

        /** What was taken is somebody else's if the lane was given up meanwhile. */
        private @Nullable Runnable nextOf(Thread current) {
            return worker == current ? taken.poll() : null;
        }

        private void begin(Runnable completion) {
            begun++;
            if (begun >= step) {
                countBegun();
            }
            try {
                completion.run();
            } catch (RuntimeException | Error thrown) {
                LOGGER.error("completing a send failed", thrown); // those behind it have to complete
            }
        }

        private void countBegun() {
            int left = handedOver.addAndGet(-begun);
            begun = 0;
            if (left < limit) {
                makeRoom();
            }
        }

        /** Returns false if there is nothing, or the lane is given up. */
        private boolean take(Thread current) {
            if (worker == current) {
                countBegun();
            }
            lock.lock();
            try {
                if (worker != current) {
                    return false;
                }
                for (int i = 0; i < CHUNK && !waiting.isEmpty(); i++) {
                    taken.add(waiting.remove());
                }
                if (taken.isEmpty()) {
                    worker = null;
                }
                return !taken.isEmpty();
            } finally {
                lock.unlock();
            }
        }
    }
}
