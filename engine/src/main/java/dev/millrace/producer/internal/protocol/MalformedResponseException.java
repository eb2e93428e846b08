package dev.millrace.producer.internal.protocol;

/** Bytes that do not follow the protocol. The connection they came from is of no further use. */
public final class MalformedResponseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was found and what was expected. */
    public MalformedResponseException(String message) {
        super(message);
    }
}
