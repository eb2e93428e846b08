package dev.millrace.benchmarks.run;

import java.util.concurrent.atomic.LongAdder;

/** Counts failures only; one object for all records. */
final class OutcomeCounter extends Outcome {

    private final LongAdder failures = new LongAdder();

    @Override
    void ended(boolean failed) {
        if (failed) {
            failures.increment();
        }
    }

    long failures() {
        return failures.sum();
    }
}
