package dev.millrace.producer.internal.time;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final RandomGenerator NO_JITTER = () -> Long.MIN_VALUE; // nextDouble() is 0.5

    @Test
    @Tag("row-70")
    void doublesUpToTheMaximum() {
        assertThat(series(100, 1_000)).containsExactly(100, 200, 400, 800, 1_000, 1_000, 1_000);
        assertThat(series(50, 1_000)).containsExactly(50, 100, 200, 400, 800, 1_000, 1_000);
        assertThat(series(10_000, 30_000)).containsExactly(10_000, 20_000, 30_000, 30_000, 30_000, 30_000, 30_000);
    }

    @Test
    void isConstantForABaseAboveTheMaximum() {
        assertThat(series(5_000, 1_000)).containsOnly(1_000);
    }

    @Test
    void neverOverflows() {
        Backoff backoff = new Backoff(Long.MAX_VALUE / 3, Long.MAX_VALUE, NO_JITTER);

        for (int failures = 1; failures < 200; failures++) {
            assertThat(backoff.nextNanos(failures)).isPositive();
        }
        assertThat(new Backoff(1, Long.MAX_VALUE, NO_JITTER).nextNanos(Integer.MAX_VALUE))
                .isPositive();
    }

    @Test
    void spreadsByAFifthAndNeverAboveTheMaximum() {
        long seed = new Random().nextLong();
        Backoff backoff = new Backoff(1_000, 4_000, new Random(seed));
        long smallest = Long.MAX_VALUE;
        long largest = 0;

        for (int i = 0; i < 10_000; i++) {
            long first = backoff.nextNanos(1);
            smallest = Math.min(smallest, first);
            largest = Math.max(largest, first);
            assertThat(backoff.nextNanos(9)).as("seed %d", seed).isBetween(3_200L, 4_000L);
        }

        assertThat(smallest).as("seed %d", seed).isBetween(800L, 810L);
        assertThat(largest).as("seed %d", seed).isBetween(1_190L, 1_200L);
    }

    private static long[] series(long baseMillis, long maxMillis) {
        Backoff backoff = new Backoff(MILLISECONDS.toNanos(baseMillis), MILLISECONDS.toNanos(maxMillis), NO_JITTER);
        return IntStream.rangeClosed(1, 7)
                .mapToLong(failures -> backoff.nextNanos(failures) / 1_000_000)
                .toArray();
    }
}
