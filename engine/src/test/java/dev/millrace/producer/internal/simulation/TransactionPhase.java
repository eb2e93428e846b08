package dev.millrace.producer.internal.simulation;

/** Where a coordinator stands with a transactional id (KIP-98). */
public enum TransactionPhase {
    /** Initialised, nothing written. */
    EMPTY,
    /** Partitions or groups take part; ends by EndTxn, by a successor, or by the transaction timeout. */
    ONGOING,
    /** Committed; the marks are being written. */
    PREPARE_COMMIT,
    /** Aborted; the marks are being written. */
    PREPARE_ABORT,
    /** All marks of a commit are written. */
    COMPLETE_COMMIT,
    /** All marks of an abort are written. */
    COMPLETE_ABORT;

    boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    boolean isComplete() {
        return this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }
}
