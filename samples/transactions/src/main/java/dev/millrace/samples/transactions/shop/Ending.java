package dev.millrace.samples.transactions.shop;

/** How an order is to end. */
public enum Ending {
    /** Stored and published. */
    SUCCESS,
    /** The shop finds after all that it does not want the order: neither stored nor published. */
    BUSINESS_FAILURE,
    /** The broker dies before the commit: neither stored nor published. */
    BROKER_DOWN,
    /** The broker dies after the database has committed and before Kafka has: stored, and the caller is told that it is not published. */
    BROKER_DOWN_BETWEEN_COMMITS
}
