package dev.millrace.producer.architecture.planted.internal.client;

import java.util.function.LongSupplier;

/** Reads the machine's clocks. */
public final class ClockReader {
    /** By reference. */
    public static final LongSupplier WALL_CLOCK = System::currentTimeMillis;

    private ClockReader() {}

    /** By a call. */
    public static long monotonic() {
        return System.nanoTime();
    }
}
