package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/**
 * A transaction was not committed: nothing of it is or will be visible to consumers that read committed records. It may be
 * tried again.
 */
public class TransactionAbortedException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /** With the id of the transaction and what prevented its commit. */
    public TransactionAbortedException(String transactionalId, String reason, @Nullable Throwable cause) {
        super("Transaction '" + transactionalId + "' was aborted: " + reason, cause);
    }
}
