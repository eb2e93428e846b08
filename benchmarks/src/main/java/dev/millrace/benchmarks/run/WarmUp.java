package dev.millrace.benchmarks.run;

import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/**
 * Goes on until the compiler has little left to do, at least for the time the workload says and at most six times as long: on
 * a busy machine the compiler's work would otherwise be counted as the candidate's.
 */
final class WarmUp {

    private static final int MOST = 6;
    private static final long QUIET_MILLIS = 20; // of compilation in a second
    private static final int QUIET_SECONDS = 2;

    private WarmUp() {}

    /**
     * Runs slices of the work.
     *
     * @param slice does the work for so many seconds
     */
    static void run(int seconds, IntConsumer slice) {
        if (seconds == 0) {
            return;
        }
        slice.accept(seconds);
        int quiet = 0;
        for (int more = 0; more < (MOST - 1) * seconds && quiet < QUIET_SECONDS; more++) {
            long before = compilationMillis();
            slice.accept(1);
            quiet = compilationMillis() - before <= QUIET_MILLIS ? quiet + 1 : 0;
        }
    }

    /** How long the compiler has worked so far, all its threads together. */
    static long compilationMillis() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    }
}
