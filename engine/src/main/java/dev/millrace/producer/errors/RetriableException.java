package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** The same call may succeed later. */
public class RetriableException extends ProducerException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public RetriableException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
