package dev.millrace.samples.quickstart.tryit;

/** The row of one partition, or of the orders that have none. Confined to one thread. */
final class PartitionCounts {
    int sent;
    int acknowledged;
    int readBack;
    int missing;
    int doubled;
    int outOfOrder;
    int wrongPlace;

    void add(PartitionCounts other) {
        sent += other.sent;
        acknowledged += other.acknowledged;
        readBack += other.readBack;
        missing += other.missing;
        doubled += other.doubled;
        outOfOrder += other.outOfOrder;
        wrongPlace += other.wrongPlace;
    }
}
