package dev.millrace.producer.observe;

import org.jspecify.annotations.Nullable;

/**
 * A broker believes who the client is, or one of both sides refuses: by SASL, by TLS where there is no SASL, or by both.
 * Connections without either have no such event. A connection that merely breaks has none, too.
 *
 * @param node the node's id, negative for bootstrap servers
 * @param address its {@code host:port}
 * @param renewal whether it was over a connection in use, whose session would have ended (KIP-368)
 * @param latencyNanos how long it took, 0 if it failed: a first one since the attempt to connect began, a renewal since
 *     its first request left, which is for how long other requests had to wait at most
 * @param failure why not, for a human; null if the client is believed
 */
public record AuthenticationEnd(
        int node, String address, boolean renewal, long latencyNanos, @Nullable String failure) {}
