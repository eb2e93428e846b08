package dev.millrace.producer.internal.time;

/** Monotonic time in nanoseconds. Compare two readings by subtraction only: the origin is arbitrary and may wrap. */
@FunctionalInterface
public interface Ticker {

    /** The machine's monotonic clock. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin. */
    long nanos();
}
