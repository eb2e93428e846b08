package dev.millrace.spring.metrics;

import java.util.function.LongSupplier;

/** How large something was of late, on average and at most. Any thread. */
final class Spread {

    private final Window window = new Window();
    private final LongSupplier nanoTime;

    Spread(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(double value, long nowNanos) {
        window.add(value, 1, nowNanos);
    }

    /** A sum over so many events; the largest of them is not known then. */
    void add(double sum, long events, long nowNanos) {
        window.add(sum, events, nowNanos);
    }

    double average() {
        return window.average(nanoTime.getAsLong());
    }

    double max() {
        return window.max(nanoTime.getAsLong());
    }
}
