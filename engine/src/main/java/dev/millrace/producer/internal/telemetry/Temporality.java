package dev.millrace.producer.internal.telemetry;

/** Where the sums of a report begin, with OTLP's numbers for it. */
enum Temporality {
    /** At the report before. */
    DELTA(1),
    /** When the counting began. */
    CUMULATIVE(2);

    private final int number;

    Temporality(int number) {
        this.number = number;
    }

    /** AggregationTemporality of OTLP. */
    int number() {
        return number;
    }
}
