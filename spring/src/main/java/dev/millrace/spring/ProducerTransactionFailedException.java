package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/**
 * A transaction was not committed, and its producer is of no further use: it was fenced, or the cluster refuses it. The
 * producer is closed; the next transaction gets another.
 *
 * <p>Not to be confused with the engine's {@link dev.millrace.producer.TransactionFailedException}, which is its cause or
 * tells of other outcomes, too.
 */
public class ProducerTransactionFailedException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /** With the id of the transaction and what is wrong with its producer. */
    public ProducerTransactionFailedException(String transactionalId, String reason, @Nullable Throwable cause) {
        super("Transaction '" + transactionalId + "' failed: " + reason, cause);
    }
}
