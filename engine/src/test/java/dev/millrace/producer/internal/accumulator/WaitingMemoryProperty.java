package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that add, wait, are interrupted, give up and remove leave nothing reserved, in whatever order they come. */
class WaitingMemoryProperty {

    private static final int THREADS = 6;
    private static final int STEPS = 4_000;
    private static final int MAX_COST = 3 * BufferPool.CHUNK_BYTES;
    private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final BufferPool pool = new BufferPool(16L * BufferPool.CHUNK_BYTES);
    private final WaitingMemory memory = new WaitingMemory(pool);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    @Test
    @Timeout(60)
    void whatIsReservedIsGivenBackWhateverHappensMeanwhile() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Long>> all = new ArrayList<>();
            for (int seed = 1; seed <= THREADS; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                all.add(() -> addAndRemove(random));
            }
            long held = 0;
            List<Future<Long>> ends = threads.invokeAll(all);
            for (Future<Long> end : ends) {
                held += end.get();
            }
            assertThat(refused.get()).isPositive();
            assertThat(interrupted.get()).isPositive();
            assertThat(pool.usage().usedBytes()).isEqualTo((long) BufferPool.chunksFor(held) * BufferPool.CHUNK_BYTES);
            memory.remove(held);
            assertThat(pool.usage().usedBytes()).isZero();
            assertThat(pool.usage().waitingThreads()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Bytes that are still held at the end. */
    private long addAndRemove(SplittableRandom random) {
        Deque<Long> held = new ArrayDeque<>();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextBoolean() && !held.isEmpty()) {
                memory.remove(held.remove());
            } else {
                long cost = WaitingMemory.costOf(random.nextInt(MAX_COST));
                if (random.nextInt(8) == 0) {
                    Thread.currentThread().interrupt();
                }
                if (add(cost, random.nextInt(3) * WAIT_NANOS)) {
                    held.add(cost);
                }
                boolean unused = Thread.interrupted(); // if it did not have to wait
            }
        }
        return held.stream().mapToLong(Long::longValue).sum();
    }

    private boolean add(long cost, long waitNanos) {
        try {
            boolean added = memory.add(
                    cost, chunks -> waitNanos == 0 ? pool.tryReserve(chunks) : pool.reserve(chunks, waitNanos));
            if (!added) {
                refused.incrementAndGet();
            }
            return added;
        } catch (InterruptedException e) {
            interrupted.incrementAndGet(); // this test's own; the thread goes on
            return false;
        }
    }
}
