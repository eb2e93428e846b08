package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no fresh metadata. Gone with the next successful update. Immutable; any thread.
 *
 * @param nodes what each node that was tried failed with last, in the order of the failures
 * @param attempts how many attempts have failed since the last success
 * @param sinceNanos when the first of them failed, on the event loop's clock
 * @param bootstrapUnknown whether the names of all bootstrap addresses have been unknown for longer than the configuration
 *     allows (KIP-909)
 * @param refusal why all bootstrap addresses and this client do not accept each other while the cluster was never reached;
 *     null otherwise
 */
public record MetadataProblem(
        List<NodeProblem> nodes,
        int attempts,
        long sinceNanos,
        boolean bootstrapUnknown,
        @Nullable AuthenticationException refusal) {

    /** Whether nothing will change by itself, so that waiting for the cluster is of no use. */
    public boolean isHopeless() {
        return bootstrapUnknown || refusal != null;
    }

    MetadataProblem withoutRefusal() {
        return new MetadataProblem(nodes, attempts, sinceNanos, bootstrapUnknown, null);
    }

    /**
     * What a node failed with.
     *
     * @param address the node
     * @param text for a person, such as {@code nothing listens at 127.0.0.1:1 (connection refused)}
     */
    public record NodeProblem(BrokerAddress address, String text) {}

    /** In one line, for an error message. */
    public String describe(long nowNanos) {
        String texts = String.join("; ", nodes.stream().map(NodeProblem::text).toList());
        return "no metadata for " + TimeUnit.NANOSECONDS.toMillis(nowNanos - sinceNanos) + " ms, attempts=" + attempts
                + ": " + texts;
    }
}
