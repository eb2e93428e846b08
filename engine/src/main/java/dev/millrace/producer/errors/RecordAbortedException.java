package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * The record was still waiting when its transaction was aborted, so it was never sent. The cause is what the transaction was
 * aborted for, or null if the application asked for it.
 */
public class RecordAbortedException extends ProducerException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public RecordAbortedException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** Whether nothing had failed: the application rolled back. */
    public boolean isRequested() {
        return getCause() == null;
    }
}
