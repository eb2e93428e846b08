package dev.millrace.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in, noted before it is served.
 *
 * @param api which API
 * @param version which version of it
 * @param node the node it was sent to
 * @param connection number of the connection it came on, counted from 1 over the whole cluster
 * @param correlationId what the answer repeats
 * @param clientId name of the client, or null
 * @param receivedNanos when it was read, on the scale of {@link System#nanoTime}
 * @param acks of a Produce request; -1 otherwise
 * @param topics names asked for by a Metadata request, or written to by a Produce request; empty for all topics
 * @param batches of a Produce request, in order; empty otherwise
 */
public record FakeRequest(
        Api api,
        int version,
        int node,
        int connection,
        int correlationId,
        @Nullable String clientId,
        long receivedNanos,
        int acks,
        List<String> topics,
        List<FakeBatch> batches) {}
