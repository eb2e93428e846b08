package dev.millrace.spring.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.LongSupplier;

/** How much there was since the beginning, and of late. Any thread. */
final class Tally {

    private final DoubleAdder total = new DoubleAdder();
    private final Window window = new Window();
    private final LongSupplier nanoTime;

    Tally(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(double amount, long nowNanos) {
        total.add(amount);
        window.add(amount, 1, nowNanos);
    }

    /** As above; exact up to 2⁵³, which is a hundred days in nanoseconds. */
    void add(long amount, long nowNanos) {
        add((double) amount, nowNanos);
    }

    double total() {
        return total.sum();
    }

    double perSecond() {
        return window.perSecond(nanoTime.getAsLong());
    }
}
