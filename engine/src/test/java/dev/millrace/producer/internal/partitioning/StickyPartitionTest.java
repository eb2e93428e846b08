package dev.millrace.producer.internal.partitioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StickyPartitionTest {

    private static final int STICKY_BYTES = 1_000;
    private static final long SEED = 7;

    private final StickyPartition sticky = new StickyPartition(STICKY_BYTES, NextPartition.UNIFORM, inTurn());

    @Test
    @Tag("row-26")
    void staysUntilABatchIsFull() {
        Partitions view = Partitions.allOf(3);
        int first = sticky.current(view);
        sticky.onAppended(first, STICKY_BYTES - 1, view);
        assertThat(sticky.current(view)).isEqualTo(first);

        sticky.onAppended(first, 1, view);
        assertThat(sticky.current(view)).isNotEqualTo(first);
    }

    @Test
    void waitsForTheBatchToCompleteButNotForEver() {
        Partitions view = Partitions.allOf(3);
        int first = sticky.current(view);
        view.filling = true;
        sticky.onAppended(first, 2 * STICKY_BYTES - 1, view);
        assertThat(sticky.current(view)).isEqualTo(first);

        sticky.onAppended(first, 1, view);
        assertThat(sticky.current(view)).isNotEqualTo(first);
    }

    @Test
    void changesWhenTheBatchesHaveBecomeCompleteMeanwhile() {
        Partitions view = Partitions.allOf(3);
        int first = sticky.current(view);
        view.filling = true;
        sticky.onAppended(first, STICKY_BYTES, view);
        assertThat(sticky.current(view)).isEqualTo(first);

        view.filling = false; // drained, for instance: a further record would begin a batch of its own
        assertThat(sticky.current(view)).isNotEqualTo(first);
    }

    @Test
    void startsToCountAnewForEachPartition() {
        Partitions view = Partitions.allOf(3);
        int first = sticky.current(view);
        sticky.onAppended(first, 2 * STICKY_BYTES - 1, view);
        int second = sticky.current(view);
        sticky.onAppended(second, STICKY_BYTES - 1, view);

        assertThat(sticky.current(view)).isEqualTo(second);
    }

    @Test
    void doesNotCountBytesOfAnotherPartition() {
        Partitions view = Partitions.allOf(3);
        int first = sticky.current(view);
        sticky.onAppended((first + 1) % 3, 10 * STICKY_BYTES, view);

        assertThat(sticky.current(view)).isEqualTo(first);
    }

    @Test
    void countsBeforeTheFirstChoiceForNothing() {
        Partitions view = Partitions.allOf(3);
        sticky.onAppended(0, 10 * STICKY_BYTES, view);

        assertThat(sticky.current(view)).isZero();
    }

    @Test
    void choosesAmongPartitionsWithALeader() {
        StickyPartition random = new StickyPartition(1, NextPartition.UNIFORM, seeded());
        Partitions view = new Partitions(5, 1, 3);
        for (int round = 0; round < 100; round++) {
            int partition = random.current(view);
            assertThat(partition).isIn(1, 3);
            random.onAppended(partition, 1, view);
        }
    }

    @Test
    void choosesAmongAllIfNoneHasALeader() {
        StickyPartition random = new StickyPartition(1, NextPartition.UNIFORM, seeded());
        Partitions view = new Partitions(3);
        boolean[] seen = new boolean[3];
        for (int round = 0; round < 100; round++) {
            int partition = random.current(view);
            seen[partition] = true;
            random.onAppended(partition, 1, view);
        }
        assertThat(seen).containsOnly(true);
    }

    @Test
    void leavesAPartitionThatNoLongerExists() {
        StickyPartition last = new StickyPartition(STICKY_BYTES, NextPartition.UNIFORM, () -> new Random(SEED) {
            private static final long serialVersionUID = 1L;

            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        });
        assertThat(last.current(Partitions.allOf(4))).isEqualTo(3);
        assertThat(last.current(Partitions.allOf(2))).isEqualTo(1);
    }

    @Test
    void leavesAPartitionWhoseDataIsOverdueBeforeItIsFull() {
        Partitions view = Partitions.allOf(3);
        StickyPartition random = new StickyPartition(STICKY_BYTES, NextPartition.BY_LOAD, seeded());
        int first = random.current(view);
        view.overdue.set(first);
        int second = random.current(view);
        assertThat(second).isNotEqualTo(first);
        assertThat(random.current(view)).isEqualTo(second);
    }

    @Test
    void staysWhereItIsIfEverythingIsOverdue() {
        Partitions view = Partitions.allOf(3);
        int first = sticky.current(view);
        view.overdue.set(0, 3);
        for (int round = 0; round < 10; round++) {
            assertThat(sticky.current(view)).isEqualTo(first);
        }
    }

    @Test
    void aStickySizeOfZeroMayChangeWithEveryRecord() {
        Partitions view = Partitions.allOf(3);
        StickyPartition every = new StickyPartition(0, NextPartition.UNIFORM, inTurn());
        int first = every.current(view);
        every.onAppended(first, 1, view);

        assertThat(every.current(view)).isNotEqualTo(first);
    }

    /** 26, of the bytes. */
    @Test
    @Tag("row-26")
    void spreadsBytesEvenly() {
        Partitions view = Partitions.allOf(3);
        StickyPartition random = new StickyPartition(STICKY_BYTES, NextPartition.UNIFORM, seeded());
        Random sizes = new Random(SEED);
        long[] bytes = new long[3];
        for (int round = 0; round < 500_000; round++) {
            int size = 1 + sizes.nextInt(200);
            int partition = random.current(view);
            bytes[partition] += size;
            random.onAppended(partition, size, view);
        }
        double mean = (bytes[0] + bytes[1] + bytes[2]) / 3.0;
        for (long each : bytes) {
            assertThat(each / mean).as("seed=%d", SEED).isBetween(0.95, 1.05);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void noPartitionStarvesWithManyThreads(NextPartition next) throws Exception {
        Partitions view = Partitions.allOf(8);
        StickyPartition shared = new StickyPartition(100, next, ThreadLocalRandom::current);
        AtomicLongArray bytes = new AtomicLongArray(8);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 100_000; round++) {
                        int partition = shared.current(view);
                        bytes.addAndGet(partition, 10);
                        shared.onAppended(partition, 10, view);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (int partition = 0; partition < 8; partition++) {
            assertThat(bytes.get(partition)).isBetween(400_000L, 600_000L);
        }
    }

    private static Supplier<RandomGenerator> seeded() {
        Random random = new Random(SEED);
        return () -> random;
    }

    /** Partitions 0, 1, 2, 0, … so that a change is always visible. */
    private static Supplier<RandomGenerator> inTurn() {
        Random counter = new Random(SEED) {
            private static final long serialVersionUID = 1L;
            private int next;

            @Override
            public int nextInt(int bound) {
                return next++ % bound;
            }
        };
        return () -> counter;
    }
}
