package dev.millrace.samples.quickstart.tryit;

import dev.millrace.producer.RecordMetadata;

/** Where an order is in the topic. */
record Place(int partition, long offset) {
    static Place of(RecordMetadata metadata) {
        return new Place(metadata.partition(), metadata.offset());
    }

    /** Whether an order read here is where this place says; a broker need not tell the offset of a repeated batch. */
    boolean matches(Place read) {
        return partition == read.partition && (offset == RecordMetadata.NO_OFFSET || offset == read.offset);
    }

    @Override
    public String toString() {
        return "partition " + partition + " offset " + offset;
    }
}
