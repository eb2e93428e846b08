package dev.millrace.samples.quickstart.tryit;

/** The three ways to send. */
enum Way {
    /** The caller does not look at the future. */
    FIRE_AND_FORGET("fire and forget"),
    /** The caller waits for each future before it sends the next order. */
    SYNCHRONOUS("synchronous"),
    /** The caller leaves a callback and goes on. */
    ASYNCHRONOUS("asynchronous");

    private final String label;

    Way(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
