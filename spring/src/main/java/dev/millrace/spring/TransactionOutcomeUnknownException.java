package dev.millrace.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Nobody answered whether a transaction is committed: either all of it is visible to consumers or nothing is. Whoever does
 * it again may do it twice.
 */
public class TransactionOutcomeUnknownException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /** With the id of the transaction and how long its commit was waited for. */
    public TransactionOutcomeUnknownException(String transactionalId, Duration waited, @Nullable Throwable cause) {
        super(
                "Commit of transaction '" + transactionalId + "' was not confirmed within " + waited.toMillis()
                        + " ms; it may or may not be visible to consumers",
                cause);
    }
}
