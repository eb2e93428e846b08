package dev.millrace.producer;

/** Which part of the pipeline holds the others up. The first that applies, in this order. */
public enum Bottleneck {
    /** Outcomes pile up because callbacks or futures' continuations are slow. */
    CALLBACKS,
    /** Records wait for the cluster to describe their topic, or partitions have no leader. */
    METADATA,
    /** Batches wait for a producer id. */
    IDENTITY,
    /** Batches wait for a connection to their leader. */
    CONNECTION,
    /** A broker asked for a pause (KIP-219). */
    THROTTLE,
    /** Batches are being sent again because brokers refuse them. */
    RETRY,
    /** Brokers take less than is sent: requests are in flight to the limit, or sends wait for memory. */
    BROKER,
    /** Nothing: what there is to send leaves at once, or lingers as configured. */
    NONE
}
