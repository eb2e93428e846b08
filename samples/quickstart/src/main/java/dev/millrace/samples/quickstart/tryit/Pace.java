package dev.millrace.samples.quickstart.tryit;

import java.util.concurrent.locks.LockSupport;

/** Keeps a sender from being faster than so many orders a second. Confined to one thread. */
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long periodNanos;
    private long nextNanos = System.nanoTime();

    Pace(int perSecond) {
        this.periodNanos = NANOS_PER_SECOND / perSecond;
    }

    /** Returns when the next order is due; time that was lost before is not made up for. */
    void awaitNext() {
        nextNanos += periodNanos;
        long now = System.nanoTime();
        if (nextNanos - now < 0) {
            nextNanos = now;
        }
        for (long wait = nextNanos - now; wait > 0; wait = nextNanos - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }
}
