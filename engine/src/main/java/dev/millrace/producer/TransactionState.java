package dev.millrace.producer;

/** Where a {@link TransactionalProducer} stands. */
public enum TransactionState {
    /** It has no identity yet: {@code init} has not been called, or was refused in a way that may pass. */
    UNINITIALIZED,
    /** It waits for its identity; whoever used the transactional id before is fenced and its transaction ended. */
    INITIALIZING,
    /** A transaction may begin. */
    READY,
    /** A transaction is open. */
    IN_TRANSACTION,
    /** The open transaction can only be aborted, because something of it has failed. */
    ABORT_ONLY,
    /** The transaction is being committed, or its commit has not been confirmed yet. */
    COMMITTING,
    /** The transaction is being aborted, and what the next one needs is being fetched. */
    ABORTING,
    /** Another producer has taken over the transactional id, or the cluster refuses this one for good: only close is left. */
    FAILED,
    /** Closed. */
    CLOSED
}
