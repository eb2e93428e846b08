package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** This producer is of no further use and must be closed. */
public class FatalProducerException extends ProducerException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public FatalProducerException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
