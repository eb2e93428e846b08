package dev.millrace.producer;

import org.jspecify.annotations.Nullable;

/**
 * A node the producer has a connection to, or wants one.
 *
 * @param node the node's id
 * @param address its {@code host:port}
 * @param state the connection's state: {@code IDLE}, {@code CONNECTING}, {@code READY} …
 * @param requestsInFlight requests sent and not answered
 * @param throttledNanos how long the pause the broker asked for will last, 0 if there is none
 * @param partitionsReady partitions with a batch that waits for this node
 * @param lastFailure why the connection was lost or could not be made, null if it is fine
 */
public record NodeSnapshot(
        int node,
        String address,
        String state,
        int requestsInFlight,
        long throttledNanos,
        int partitionsReady,
        @Nullable String lastFailure) {}
