package dev.millrace.testkit;

/** Gives out producer ids. Guarded by the cluster's lock. */
final class ProducerIds {

    private static final long FIRST_PRODUCER_ID = 1000;

    private long nextProducerId = FIRST_PRODUCER_ID;

    long next() {
        return nextProducerId++;
    }
}
