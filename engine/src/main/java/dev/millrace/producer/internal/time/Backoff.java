package dev.millrace.producer.internal.time;

import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter (KIP-580): doubles from {@code baseNanos} to {@code maxNanos}, each value spread
 * uniformly by ±{@value #JITTER_PERCENT} % and never above the maximum.
 *
 * <p>Draw once for an attempt and keep the value: drawing again at each look would shorten the wait.
 *
 * @param baseNanos the first wait
 * @param maxNanos the longest wait; a base above it means a constant wait of this length
 * @param random source of the jitter, seedable in tests
 */
public record Backoff(long baseNanos, long maxNanos, RandomGenerator random) {

    static final int JITTER_PERCENT = 20;

    private static final int MAX_DOUBLINGS = 40;

    /**
     * How long to wait before the next try.
     *
     * @param failures how many tries have failed in a row, at least 1
     */
    public long nextNanos(int failures) {
        long wait = Math.min(maxNanos, exponential(failures - 1));
        double factor = 1 + (random.nextDouble() * 2 - 1) * JITTER_PERCENT / 100;
        return Math.min(maxNanos, (long) (wait * factor));
    }

    private long exponential(int doublings) {
        long factor = 1L << Math.min(doublings, MAX_DOUBLINGS);
        return baseNanos > Long.MAX_VALUE / factor ? Long.MAX_VALUE : baseNanos * factor;
    }
}
