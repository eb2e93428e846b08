package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import org.jspecify.annotations.Nullable;

/** The node that somebody keeps to whom any node could answer. Whoever keeps to one has an object of these. */
@EventLoopOnly
public final class KeptNode {

    private @Nullable Integer nodeId; // null before the first request

    /** Keeps to none yet. */
    public KeptNode() {}

    @Nullable Integer nodeId() {
        return nodeId;
    }

    void keep(int chosen) {
        nodeId = chosen;
    }
}
