package dev.millrace.producer.internal.time;

/** Civil time, used for the timestamps of records and of metrics, and nothing else. */
@FunctionalInterface
public interface WallClock {

    /** The machine's wall clock; the only place that reads it. */
    WallClock SYSTEM = System::currentTimeMillis;

    /** Milliseconds since the epoch. */
    long millis();
}
