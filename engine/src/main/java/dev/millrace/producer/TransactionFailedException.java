package dev.millrace.producer;

import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/** A transaction was not committed, or nobody knows whether it was; {@link #outcome()} says which. */
public final class TransactionFailedException extends ProducerException {

    private static final long serialVersionUID = 1L;

    private final transient TransactionOutcome outcome;

    /** With what became of the transaction; never {@link TransactionOutcome.Committed}. */
    public TransactionFailedException(
            String message, FailureDetails details, TransactionOutcome outcome, @Nullable Throwable cause) {
        super(message, details, cause);
        this.outcome = outcome;
    }

    /** What became of the transaction. */
    public TransactionOutcome outcome() {
        return outcome;
    }
}
