package dev.millrace.producer.internal.partitioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RoundRobinTest {

    private final RoundRobin turns = new RoundRobin();

    @Test
    void takesOnePartitionWithALeaderAfterTheOther() {
        Partitions partitions = new Partitions(4, 0, 2, 3);

        assertThat(List.of(next(partitions), next(partitions), next(partitions), next(partitions)))
                .containsExactly(0, 2, 3, 0);
    }

    @Test
    void takesAllInTurnIfNoneHasALeader() {
        Partitions partitions = new Partitions(2);

        assertThat(List.of(next(partitions), next(partitions), next(partitions)))
                .containsExactly(0, 1, 0);
    }

    @Test
    void reachesPartitionsThatAreAdded() {
        assertThat(List.of(next(Partitions.allOf(1)), next(Partitions.allOf(3)), next(Partitions.allOf(3))))
                .containsExactly(0, 1, 2);
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void isEvenWithManyThreads() throws Exception {
        Partitions partitions = Partitions.allOf(5);
        AtomicLongArray records = new AtomicLongArray(5);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 50_000; round++) {
                        records.incrementAndGet(turns.next(partitions));
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (int partition = 0; partition < 5; partition++) {
            assertThat(records.get(partition)).isEqualTo(40_000);
        }
    }

    private int next(Partitions partitions) {
        return turns.next(partitions);
    }
}
