package dev.millrace.producer.internal.network;

import org.jspecify.annotations.Nullable;

/**
 * Why a request got no response.
 *
 * @param kind what happened
 * @param detail for a person, with the node's address
 * @param cause what was thrown, if something was
 * @param mayHaveReachedBroker whether the broker may have carried the request out; false only if its last byte never left
 */
public record RequestFailure(Kind kind, String detail, @Nullable Throwable cause, boolean mayHaveReachedBroker) {

    /** What happened to the request. */
    public enum Kind {
        /** Nothing was written: the connection was not ready, or the request could not be encoded. */
        NOT_SENT,
        /** The connection was lost while the request was in flight. */
        DISCONNECTED,
        /** The response did not arrive within the request timeout, so the connection was closed. */
        TIMED_OUT,
        /** What arrived in place of the response cannot be read, so the connection was closed. */
        MALFORMED
    }
}
