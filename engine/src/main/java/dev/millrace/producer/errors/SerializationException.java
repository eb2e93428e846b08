package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** A serializer threw, or could not handle the object it was given. */
public final class SerializationException extends RecordRejectedException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public SerializationException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
