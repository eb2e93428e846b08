package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.MetadataProblem.NodeProblem;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what went wrong since the last successful refresh: the last word of each node, for error messages. */
@EventLoopOnly
final class ProblemLog {

    private final Map<BrokerAddress, String> byNode = new LinkedHashMap<>();
    private int attempts;
    private long sinceNanos;
    private volatile @Nullable MetadataProblem current; // null while all is well; read by any thread

    /**
     * Notes one failed attempt.
     *
     * @param bootstrapUnknown as in {@link MetadataProblem}
     * @param refusal as in {@link MetadataProblem}
     */
    MetadataProblem add(
            BrokerAddress address,
            @Nullable String text,
            long nowNanos,
            boolean bootstrapUnknown,
            @Nullable AuthenticationException refusal) {
        if (attempts == 0) {
            sinceNanos = nowNanos;
        }
        attempts++;
        byNode.remove(address); // the newest last
        byNode.put(address, text == null ? "unknown failure of " + address : text);
        MetadataProblem problem = new MetadataProblem(
                byNode.entrySet().stream()
                        .map(entry -> new NodeProblem(entry.getKey(), entry.getValue()))
                        .toList(),
                attempts,
                sinceNanos,
                bootstrapUnknown,
                refusal);
        current = problem;
        return problem;
    }

    /** The next attempt of a client that was refused has begun. */
    void forgetRefusal() {
        MetadataProblem known = current;
        if (known != null && known.refusal() != null) {
            current = known.withoutRefusal();
        }
    }

    /** A refresh succeeded: nothing of before is reported to anybody any more. */
    void clear() {
        byNode.clear();
        attempts = 0;
        current = null;
    }

    /** What is wrong, null if nothing is. Any thread. */
    @Nullable MetadataProblem current() {
        return current;
    }
}
