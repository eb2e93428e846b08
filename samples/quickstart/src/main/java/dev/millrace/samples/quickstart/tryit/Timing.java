package dev.millrace.samples.quickstart.tryit;

import java.time.Duration;

/** How long the orders of one way took, from the first send to the last result. */
record Timing(Way way, Duration duration) {
    double perSecond(long orders) {
        return orders / (Math.max(1, duration.toNanos()) / 1e9);
    }
}
