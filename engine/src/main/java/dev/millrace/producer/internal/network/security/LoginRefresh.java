package dev.millrace.producer.internal.network.security;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * When a token is replaced before it ends. Pure.
 *
 * @param windowFactor the part of its life after which it is
 * @param windowJitter the greatest part of its life that is added at random
 * @param minPeriodMillis the least time between two tokens
 * @param bufferMillis the least time before the end
 */
public record LoginRefresh(double windowFactor, double windowJitter, long minPeriodMillis, long bufferMillis) {

    /** A token that lives shorter than this is asked for again at most that often, whatever it says. */
    private static final long LEAST_MILLIS = TimeUnit.SECONDS.toMillis(1);

    /** How long to wait from now on, milliseconds. A token that lives too short for both limits has neither. */
    long delayMillis(long nowMillis, long endMillis, RandomGenerator random) {
        long lifeMillis = endMillis - nowMillis; // negative if it has ended
        double factor = windowFactor + windowJitter * random.nextDouble();
        long delay = (long) (lifeMillis * Math.min(1, factor));
        if (minPeriodMillis + bufferMillis <= lifeMillis) {
            delay = Math.max(minPeriodMillis, Math.min(delay, lifeMillis - bufferMillis));
        }
        return Math.max(LEAST_MILLIS, delay);
    }
}
