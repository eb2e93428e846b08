package dev.millrace.producer.internal.accumulator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BufferPoolTest {

    private static final long LONG_NANOS = SECONDS.toNanos(20);

    private final BufferPool pool = new BufferPool(10L * BufferPool.CHUNK_BYTES);

    @Test
    void roundsItsLimitDownToChunksButToNoLessThanOne() {
        assertThat(new BufferPool(3L * BufferPool.CHUNK_BYTES - 1).limitChunks())
                .isEqualTo(2);
        assertThat(new BufferPool(1).limitChunks()).isEqualTo(1);
        assertThat(new BufferPool(Long.MAX_VALUE).limitChunks()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void countsChunksUp() {
        assertThat(BufferPool.chunksFor(0)).isZero();
        assertThat(BufferPool.chunksFor(1)).isEqualTo(1);
        assertThat(BufferPool.chunksFor(BufferPool.CHUNK_BYTES)).isEqualTo(1);
        assertThat(BufferPool.chunksFor(BufferPool.CHUNK_BYTES + 1L)).isEqualTo(2);
    }

    @Test
    void handsOutAllOrNothing() {
        List<ByteBuffer> chunks = taken(8);

        assertThat(pool.tryTake(3, chunks)).isFalse();

        assertThat(chunks).hasSize(8);
        assertThat(usedChunks()).isEqualTo(8);
        assertThat(pool.tryTake(2, chunks)).isTrue();
        assertThat(usedChunks()).isEqualTo(10);
    }

    @Test
    void refusesWhatWouldOverflowTheCount() {
        BufferPool huge = new BufferPool(Long.MAX_VALUE);
        assertThat(huge.tryReserve(10)).isTrue();

        assertThat(huge.tryReserve(Integer.MAX_VALUE)).isFalse();

        assertThat(huge.usage().usedBytes()).isEqualTo(10L * BufferPool.CHUNK_BYTES);
    }

    @Test
    void givesChunksClearedAndLastInFirstOut() {
        List<ByteBuffer> chunks = taken(3);
        ByteBuffer first = chunks.get(0).position(17).limit(20);
        pool.give(chunks);

        List<ByteBuffer> again = taken(1);

        assertThat(again.get(0)).isSameAs(first);
        assertThat(again.get(0).position()).isZero();
        assertThat(again.get(0).limit()).isEqualTo(BufferPool.CHUNK_BYTES);
    }

    @Test
    void allocatesAsMemoryIsFirstNeeded() {
        assertThat(pool.usage().allocatedBytes()).isZero();

        pool.give(taken(10));
        long allocated = pool.usage().allocatedBytes();
        pool.give(taken(10));

        assertThat(allocated).isPositive();
        assertThat(pool.usage().allocatedBytes()).isEqualTo(allocated);
    }

    @Test
    void exceedsItsLimitForMemoryAccountedForElsewhere() {
        assertThat(pool.tryReserve(10)).isTrue();
        List<ByteBuffer> chunks = new ArrayList<>();

        pool.takeBeyondLimit(4, chunks);

        assertThat(chunks).hasSize(4);
        assertThat(usedChunks()).isEqualTo(14);
        assertThat(pool.tryReserve(1)).isFalse();
        pool.unreserve(10);
        assertThat(pool.tryReserve(6)).isTrue();
        assertThat(pool.tryReserve(1)).isFalse();
    }

    @Test
    void doesNotWaitWithoutTime() throws InterruptedException {
        taken(10);

        assertThat(pool.take(1, 0, new ArrayList<>())).isFalse();
        assertThat(pool.reserve(1, 0)).isFalse();
        assertThat(pool.usage().waitingThreads()).isZero();
    }

    @Test
    @Tag("row-42")
    void givesEverythingBackWhenTheTimePasses() throws InterruptedException {
        List<ByteBuffer> chunks = taken(8);
        List<ByteBuffer> none = new ArrayList<>();

        assertThat(pool.take(3, Duration.ofMillis(5).toNanos(), none)).isFalse();

        assertThat(none).isEmpty();
        assertThat(usedChunks()).isEqualTo(8);
        assertThat(pool.usage().waitingThreads()).isZero();
        pool.give(chunks);
        assertThat(usedChunks()).isZero();
    }

    @Test
    @Tag("row-44")
    void servesALargeWaiterBeforeTheSmallOnesBehindIt() throws Exception {
        List<ByteBuffer> chunks = taken(10);
        FutureTask<Boolean> large = waiting(() -> pool.reserve(9, LONG_NANOS));
        List<FutureTask<Boolean>> small = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            small.add(waiting(() -> pool.reserve(2, LONG_NANOS)));
        }

        pool.give(chunks.subList(0, 8));

        assertThat(pool.usage().waitingThreads()).isEqualTo(6); // small ones would fit but stand behind
        assertThat(pool.tryReserve(1)).isFalse(); // nor does a newcomer overtake
        pool.give(chunks.subList(8, 9));
        assertThat(large.get(10, SECONDS)).isTrue();
        assertThat(pool.usage().waitingThreads()).isEqualTo(5);
        pool.unreserve(9);
        pool.give(chunks.subList(9, 10));
        for (FutureTask<Boolean> each : small) {
            assertThat(each.get(10, SECONDS)).isTrue();
        }
        assertThat(usedChunks()).isEqualTo(10);
    }

    @Test
    @Tag("row-42")
    void servesThoseBehindAWaiterThatGivesUp() throws Exception {
        taken(8);
        FutureTask<Boolean> large =
                waiting(() -> pool.reserve(9, Duration.ofMillis(200).toNanos()));
        FutureTask<Boolean> small = waiting(() -> pool.reserve(2, LONG_NANOS));

        assertThat(large.get(10, SECONDS)).isFalse();
        assertThat(small.get(10, SECONDS)).isTrue();
    }

    @Test
    void servesThoseBehindAWaiterThatIsInterrupted() throws Exception {
        taken(8);
        CompletableFuture<Thread> first = new CompletableFuture<>();
        FutureTask<Boolean> large = waiting(() -> {
            first.complete(Thread.currentThread());
            return pool.reserve(9, LONG_NANOS);
        });
        FutureTask<Boolean> small = waiting(() -> pool.reserve(2, LONG_NANOS));

        first.get(10, SECONDS).interrupt();

        assertThat(small.get(10, SECONDS)).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> large.get(10, SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(usedChunks()).isEqualTo(10);
    }

    @Test
    void takesNothingForAThreadInterruptedBefore() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> pool.take(1, LONG_NANOS, new ArrayList<>()));

        assertThat(usedChunks()).isZero();
    }

    /** The thread is served and interrupted before it runs again: either it has its share, or the pool has. */
    @Test
    @Tag("row-32")
    void losesNothingWhenAWaiterIsServedAndInterruptedAtOnce() throws Exception {
        for (int round = 0; round < 300; round++) {
            List<ByteBuffer> chunks = taken(10);
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            FutureTask<Boolean> waiter = waiting(() -> {
                thread.complete(Thread.currentThread());
                try {
                    return pool.reserve(4, LONG_NANOS);
                } catch (InterruptedException e) {
                    return false;
                }
            });
            Thread interrupted = thread.get(10, SECONDS);
            if (round % 2 == 0) {
                pool.give(chunks);
                interrupted.interrupt();
            } else {
                interrupted.interrupt();
                pool.give(chunks);
            }

            boolean served = waiter.get(10, SECONDS);

            assertThat(usedChunks()).isEqualTo(served ? 4 : 0);
            if (served) {
                pool.unreserve(4);
            }
        }
    }

    @Test
    void wakesItsWaitersEmptyHandedWhenClosed() throws Exception {
        List<ByteBuffer> chunks = taken(10);
        FutureTask<Boolean> one = waiting(() -> pool.take(1, LONG_NANOS, new ArrayList<>()));
        FutureTask<Boolean> other = waiting(() -> pool.reserve(1, LONG_NANOS));

        pool.close();

        assertThat(one.get(10, SECONDS)).isFalse();
        assertThat(other.get(10, SECONDS)).isFalse();
        pool.give(chunks);
        assertThat(usedChunks()).isZero();
        assertThat(pool.tryTake(1, new ArrayList<>())).isFalse();
        assertThat(pool.take(1, LONG_NANOS, new ArrayList<>())).isFalse();
        assertThat(pool.usage().waitingThreads()).isZero();
    }

    private long usedChunks() {
        return pool.usage().usedBytes() / BufferPool.CHUNK_BYTES;
    }

    private List<ByteBuffer> taken(int count) {
        List<ByteBuffer> chunks = new ArrayList<>();
        assertThat(pool.tryTake(count, chunks)).isTrue();
        return chunks;
    }

    /** Runs the call on a thread of its own and comes back when it stands in line. */
    private FutureTask<Boolean> waiting(Callable<Boolean> call) {
        int before = pool.usage().waitingThreads();
        FutureTask<Boolean> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "waiter");
        thread.setDaemon(true);
        thread.start();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> pool.usage().waitingThreads() == before + 1);
        return task;
    }
}
