package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything the producer reports. The message has what was attempted, who, the numbers, the cause and what to
 * do about it.
 */
public class ProducerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient FailureDetails details;

    /** With the facts a program can act on. */
    public ProducerException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    /** The last error a broker answered with, or {@link ErrorCode#NONE}. */
    public final ErrorCode errorCode() {
        return details.errorCode();
    }

    /** Where on its way the record failed. */
    public final Stage stage() {
        return details.stage();
    }

    /** What the caller can do. */
    public final Recovery recovery() {
        return details.recovery();
    }

    /** Whether the record may be in the log although its future failed. */
    public final boolean mayHaveBeenWritten() {
        return details.mayHaveBeenWritten();
    }
}
