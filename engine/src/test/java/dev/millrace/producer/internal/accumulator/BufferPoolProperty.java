package dev.millrace.producer.internal.accumulator;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fifty threads, random sizes, short waits, random interrupts. */
@Timeout(60)
class BufferPoolProperty {

    private static final int THREADS = 50;
    private static final int CALLS = 300;
    private static final int LIMIT = 12;

    private final long seed = new Random().nextLong();
    private final BufferPool pool = new BufferPool((long) LIMIT * BufferPool.CHUNK_BYTES);
    private final Set<ByteBuffer> out = Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by itself
    private final AtomicInteger chunksOut = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

    @Test
    @Tag("row-43")
    void hasAllItsMemoryBackAtTheEnd() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch left = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> {
                try {
                    compete(random);
                } catch (Throwable e) {
                    errors.add(e);
                } finally {
                    left.countDown();
                }
            });
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        Random random = new Random(~seed);
        while (left.getCount() > 0) {
            threads.get(random.nextInt(THREADS)).interrupt();
            Thread.onSpinWait();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(errors).as("seed %d", seed).isEmpty();
        assertThat(pool.usage().usedBytes()).as("seed %d", seed).isZero();
        assertThat(pool.usage().waitingThreads()).as("seed %d", seed).isZero();
        assertThat(served.get()).as("seed %d", seed).isGreaterThan(THREADS);
        List<ByteBuffer> everything = new ArrayList<>();
        assertThat(pool.tryTake(LIMIT, everything)).as("seed %d", seed).isTrue();
        everything.forEach(this::takenOut); // no chunk is there twice
    }

    private void compete(Random random) {
        for (int call = 0; call < CALLS; call++) {
            int count = random.nextInt(10) == 0 ? LIMIT : 1 + random.nextInt(4);
            long waitNanos = MICROSECONDS.toNanos(random.nextInt(400));
            try {
                if (random.nextInt(3) == 0) {
                    reserve(count, waitNanos);
                } else {
                    take(count, waitNanos, random.nextBoolean());
                }
            } catch (InterruptedException e) {
                // as intended: nothing may be taken then
            }
        }
    }

    private void reserve(int count, long waitNanos) throws InterruptedException {
        if (pool.reserve(count, waitNanos)) {
            outside(count);
            Thread.onSpinWait();
            chunksOut.addAndGet(-count);
            pool.unreserve(count);
        }
    }

    private void take(int count, long waitNanos, boolean waits) throws InterruptedException {
        List<ByteBuffer> chunks = new ArrayList<>();
        if (waits ? pool.take(count, waitNanos, chunks) : pool.tryTake(count, chunks)) {
            assertThat(chunks).hasSize(count);
            chunks.forEach(this::takenOut);
            outside(count);
            Thread.onSpinWait();
            synchronized (out) {
                chunks.forEach(out::remove);
            }
            chunksOut.addAndGet(-count);
            pool.give(chunks);
        } else {
            assertThat(chunks).isEmpty();
        }
    }

    private void takenOut(ByteBuffer chunk) {
        synchronized (out) {
            assertThat(out.add(chunk)).as("chunk handed out once").isTrue();
        }
    }

    private void outside(int count) {
        served.incrementAndGet();
        assertThat(chunksOut.addAndGet(count)).as("chunks handed out").isLessThanOrEqualTo(LIMIT);
    }
}
