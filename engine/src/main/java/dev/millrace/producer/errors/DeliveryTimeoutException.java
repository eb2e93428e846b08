package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** A time limit passed before the record was delivered. */
public final class DeliveryTimeoutException extends RetriableException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public DeliveryTimeoutException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
