package dev.millrace.producer.internal.accumulator;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.concurrent.DrainSignal;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several threads append under memory pressure while one drains as the sender does: only the queues it was told of, and
 * those whose linger ends. A wake-up that is lost leaves records behind and fails the test by its timeout.
 */
@Timeout(40)
class RecordAccumulatorProperty {

    private static final int THREADS = 4;
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 6_000;
    private static final long LONG_NANOS = SECONDS.toNanos(60);

    private final long seed = new Random().nextLong();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService delivery = Executors.newSingleThreadExecutor();
    private final ExecutorService callers = Executors.newFixedThreadPool(THREADS + 1);
    private Completions completions = new Completions(
            delivery,
            new BufferPool(1),
            () -> 0,
            ObserverRelay.NONE,
            FailureWatch.NONE); // of the test's own pool later
    private final List<List<String>> read = new ArrayList<>(); // by partition, loop only
    private @Nullable DrainSignal signal; // null before the test starts

    @AfterEach
    void stop() {
        loop.shutdownNow();
        delivery.shutdownNow();
        callers.shutdownNow();
    }

    @Test
    void drainsEveryRecordOnceAndInTheOrderOfEachThread() throws Exception {
        drains(new BatchLimits(500, 2_000, Duration.ofMillis(1).toNanos()), 6);
    }

    @Test
    void drainsEveryRecordWithoutLinger() throws Exception {
        drains(new BatchLimits(500, 2_000, 0), 20);
    }

    /** The end of the lingering never comes: only fullness, flush and the want of memory get batches out. */
    @Test
    void drainsEveryRecordOfBatchesThatLingerForEver() throws Exception {
        drains(new BatchLimits(500, 2_000, Duration.ofDays(1).toNanos()), 8);
    }

    /** What a thread has sent before it flushes is done when the flush is, even while batches are split and others send. */
    @Test
    void flushesWhatWasSentBefore() throws Exception {
        Random random = new Random(seed);
        RecordAccumulator accumulator =
                accumulator(new BatchLimits(500, 2_000, Duration.ofDays(1).toNanos()), 20, random, 3);
        List<Future<?>> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(callers.submit(() -> {
                Random own = new Random(seed + thread);
                for (int round = 0; round < 300; round++) {
                    List<RecordCompletion> sent = new ArrayList<>();
                    for (int count = own.nextInt(12); count > 0; count--) {
                        sent.add(append(accumulator, own.nextInt(PARTITIONS), "x".repeat(own.nextInt(300))));
                    }
                    accumulator.flush().get(30, SECONDS);
                    assertThat(sent).as("seed %d", seed).allMatch(RecordCompletion::isDone);
                }
                return null;
            }));
        }
        for (Future<?> thread : threads) {
            thread.get(100, SECONDS);
        }
        awaitAllMemory(accumulator);
    }

    /** A flush that meets a batch in the very moment of its split waits for the pieces. */
    @Test
    void flushesWhatIsBeingSplit() throws Exception {
        BufferPool pool = new BufferPool(10L * BufferPool.CHUNK_BYTES);
        for (int round = 0; round < 1_500; round++) {
            TestAccumulator each = new TestAccumulator(new BatchLimits(1_000, 3_000, 0), pool);
            each.append("a");
            each.append("b");
            ProducerBatch parent = each.drain();
            parent.stamp(-1, (short) -1, -1);
            AtomicInteger ready = new AtomicInteger();
            Future<List<ProducerBatch>> split = callers.submit(() -> {
                meet(ready);
                return each.split(parent);
            });
            meet(ready);
            CompletableFuture<Void> flush = each.accumulator.flush();
            List<ProducerBatch> pieces = split.get(30, SECONDS);

            assertThat(flush.isDone()).as("round %d", round).isFalse();
            pieces.forEach(each::succeed);
            each.deliver();
            assertThat(flush.isDone()).as("round %d", round).isTrue();
        }
    }

    private static void meet(AtomicInteger ready) {
        ready.incrementAndGet();
        for (int spins = 0; ready.get() < 2; spins++) {
            if (spins < 1_000) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1); // the other one needs the processor
            }
        }
    }

    private void drains(BatchLimits limits, int chunks) throws Exception {
        RecordAccumulator accumulator = accumulator(limits, chunks, new Random(seed), 0);
        List<Future<?>> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(callers.submit(() -> {
                Random own = new Random(seed + thread);
                for (int i = 0; i < RECORDS; i++) {
                    String padding = "x".repeat(own.nextInt(50) == 0 ? own.nextInt(6_000) : own.nextInt(60));
                    var unused = append(accumulator, own.nextInt(PARTITIONS), thread + ":" + i + ":" + padding);
                }
                return null;
            }));
        }
        for (Future<?> thread : threads) {
            thread.get(100, SECONDS);
        }
        accumulator.flush().get(30, SECONDS);

        int all = 0;
        for (List<String> partition : read) {
            int[] last = new int[THREADS];
            Arrays.fill(last, -1);
            for (String value : partition) {
                String[] parts = value.split(":", 3);
                int thread = Integer.parseInt(parts[0]);
                int number = Integer.parseInt(parts[1]);
                assertThat(number).as("seed %d", seed).isGreaterThan(last[thread]);
                last[thread] = number;
            }
            all += partition.size();
        }
        assertThat(all).as("seed %d", seed).isEqualTo(THREADS * RECORDS);
        assertThat(completions.delivered()).isEqualTo(accumulator.acceptedRecords());
        awaitAllMemory(accumulator);
    }

    /** A batch's memory goes back right after its futures complete, on the other thread. */
    private void awaitAllMemory(RecordAccumulator accumulator) {
        await().untilAsserted(() -> assertThat(accumulator.pool().usage().usedBytes())
                .as("seed %d", seed)
                .isZero());
    }

    private RecordAccumulator accumulator(BatchLimits limits, int chunks, Random random, int splitOneIn) {
        for (int i = 0; i < PARTITIONS; i++) {
            read.add(new ArrayList<>());
        }
        BufferPool pool = new BufferPool((long) chunks * BufferPool.CHUNK_BYTES);
        completions = new Completions(delivery, pool, () -> 0, ObserverRelay.NONE, FailureWatch.NONE);
        RecordAccumulator accumulator =
                new RecordAccumulator(limits, pool, completions, Ticker.SYSTEM, () -> Objects.requireNonNull(signal)
                        .raise());
        Loop sender = new Loop(accumulator, random, splitOneIn);
        signal = new DrainSignal(loop, sender::drain);
        return accumulator;
    }

    private static RecordCompletion append(RecordAccumulator accumulator, int partition, String value)
            throws InterruptedException {
        RecordCompletion completion = new RecordCompletion(null);
        Acceptance acceptance = accumulator.append(
                accumulator.topic("t").queue(partition), Records.record(value), completion, LONG_NANOS);
        assertThat(acceptance).isEqualTo(Acceptance.ACCEPTED);
        return completion;
    }

    /** A sender that finds every batch acknowledged at once, or too large. */
    private final class Loop {
        private final RecordAccumulator accumulator;
        private final Random random;
        private final int splitOneIn;
        private final List<PartitionQueue> lingering = new ArrayList<>();

        Loop(RecordAccumulator accumulator, Random random, int splitOneIn) {
            this.accumulator = accumulator;
            this.random = random;
            this.splitOneIn = splitOneIn;
        }

        void drain() {
            for (PartitionQueue queue = accumulator.pollChanged(); queue != null; queue = accumulator.pollChanged()) {
                look(queue);
            }
            if (accumulator.isHurried()) {
                List.copyOf(lingering).forEach(this::look);
            }
        }

        private void look(PartitionQueue queue) {
            lingering.remove(queue);
            long waitNanos = queue.waitNanos(Ticker.SYSTEM.nanos());
            while (waitNanos == 0) {
                send(queue, Objects.requireNonNull(queue.drain()));
                waitNanos = queue.waitNanos(Ticker.SYSTEM.nanos());
            }
            if (waitNanos > 0) {
                lingering.add(queue);
                var unused = loop.schedule(() -> look(queue), waitNanos, NANOSECONDS);
            }
        }

        private void send(PartitionQueue queue, ProducerBatch batch) {
            List<String> values = Records.values(batch);
            if (splitOneIn > 0 && batch.recordCount() > 1 && random.nextInt(splitOneIn) == 0) {
                SealWork work = accumulator.split(queue, batch);
                work.run();
                accumulator.finish(work).forEach(piece -> send(queue, piece));
                return;
            }
            read.get(batch.topicPartition().partition()).addAll(values);
            completions.succeed(batch, 0, -1);
            accumulator.release(batch);
        }
    }
}
