package dev.millrace.producer.internal.compression;

import org.jspecify.annotations.Nullable;

/** Bytes that are not what a codec writes, or that become larger than whoever reads them allows. */
public final class DecompressionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was found and what was expected. */
    public DecompressionException(String message) {
        super(message);
    }

    DecompressionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
