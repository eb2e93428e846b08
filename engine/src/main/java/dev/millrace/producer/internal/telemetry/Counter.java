package dev.millrace.producer.internal.telemetry;

/** Something that is counted: all of it, and what came since it was last reported. */
final class Counter {

    private double total;
    private double recent;

    void add(double amount) {
        total += amount;
        recent += amount;
    }

    double total() {
        return total;
    }

    /** What came since this was last called. */
    double takeRecent() {
        double taken = recent;
        recent = 0;
        return taken;
    }
}
