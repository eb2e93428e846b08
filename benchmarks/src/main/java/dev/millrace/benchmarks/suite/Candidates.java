package dev.millrace.benchmarks.suite;

/** Who is measured. */
public final class Candidates {

    /** Our engine with its defaults. */
    public static final String MILLRACE = "millrace";
    /** The rival with its defaults. */
    public static final String KAFKA = "kafka-clients";
    /** The rival as an expert sets it for throughput. */
    public static final String TUNED = "kafka-clients-tuned";
    /** Our engine through the Spring template, with an interceptor and metrics. */
    public static final String TEMPLATE = "producer-template";
    /** The rival through spring-kafka's template. */
    public static final String KAFKA_TEMPLATE = "kafka-template";
    /** The bytes alone. */
    public static final String LIMIT = "limit";

    private Candidates() {}
}
