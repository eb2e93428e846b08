package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** This record cannot be delivered; the producer goes on. */
public class RecordRejectedException extends ProducerException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public RecordRejectedException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
