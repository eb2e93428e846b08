package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** The producer closed before the record was delivered. */
public final class ProducerClosedException extends FatalProducerException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public ProducerClosedException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
