package dev.millrace.producer.internal.sender;

/** What to do about an error code in a partition's answer to a Produce request. */
enum Reaction {
    /** The batch is in the log. */
    ACKNOWLEDGE,
    /** A passing condition of the broker: the same batch again, after a backoff. */
    RETRY,
    /** What we know of the cluster is out of date: refresh it, then the same batch again. */
    REFRESH_AND_RETRY,
    /** The batch is too large for the broker: its records again, in smaller batches. */
    SPLIT,
    /** The broker misses an earlier batch, or has forgotten the producer: start the partition's sequences over. */
    NEW_EPOCH,
    /** These records will not be taken, however often they are sent. */
    REJECT
}
