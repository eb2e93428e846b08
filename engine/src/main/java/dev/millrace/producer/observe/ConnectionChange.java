package dev.millrace.producer.observe;

import org.jspecify.annotations.Nullable;

/**
 * One of the producer's connections changed its state.
 *
 * @param node the node's id, negative for bootstrap servers
 * @param address its {@code host:port}
 * @param event what happened
 * @param cause why it was lost, could not be made or was closed, for a human; null for the other events
 */
public record ConnectionChange(int node, String address, Event event, @Nullable String cause) {

    /** What happened to a connection. */
    public enum Event {
        /** An attempt to connect began. */
        CONNECTING,
        /** Requests travel. */
        READY,
        /** It was lost, or the attempt to connect failed. */
        LOST,
        /** It was closed, being idle or of no further use. */
        CLOSED
    }
}
