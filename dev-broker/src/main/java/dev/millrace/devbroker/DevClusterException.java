package dev.millrace.devbroker;

/** A broker could not be started, stopped or asked; the message names the node, the cause and what to do. */
public final class DevClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DevClusterException(String message) {
        super(message);
    }

    DevClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
