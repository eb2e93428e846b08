package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/** No buffer memory became free within {@code max-block}. */
public final class BufferExhaustedException extends RetriableException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public BufferExhaustedException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
