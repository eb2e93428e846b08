package dev.millrace.benchmarks;

import java.util.concurrent.locks.LockSupport;

/** Keeps a loop from going faster than so many rounds a second. */
public final class Pace {

    private final long perSecond;
    private final long startNanos = System.nanoTime();

    /** With 0 the loop goes as fast as it can. */
    public Pace(long perSecond) {
        this.perSecond = perSecond;
    }

    /**
     * Waits until round i may begin.
     *
     * @return when it was to begin, of {@link System#nanoTime()}: now or earlier
     */
    public long await(long i) {
        if (perSecond == 0) {
            return System.nanoTime();
        }
        long dueNanos = startNanos + (long) (i * 1e9 / perSecond);
        for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return dueNanos;
    }
}
