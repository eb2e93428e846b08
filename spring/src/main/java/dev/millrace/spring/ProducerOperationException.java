package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/** Root of everything the Spring layer reports. The message names the producer and never a record's contents. */
public class ProducerOperationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was attempted and what stopped it. */
    public ProducerOperationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
