package dev.millrace.producer.observe;

/**
 * A transaction has ended, or nobody will ever know how.
 *
 * @param transactionalId whose it was
 * @param result what became of it
 * @param openNanos from its begin to the call that ended it
 * @param endingNanos from that call until the result was known: the records that were still on their way, and the coordinator
 */
public record TransactionEnd(String transactionalId, Result result, long openNanos, long endingNanos) {

    /** What became of a transaction. */
    public enum Result {
        /** Committed. */
        COMMITTED,
        /** Aborted, or left to the coordinator to be aborted. */
        ABORTED,
        /** Lost to another producer with the same transactional id. */
        FENCED,
        /** Committed or not: the producer ended before the coordinator had told. */
        UNKNOWN
    }
}
