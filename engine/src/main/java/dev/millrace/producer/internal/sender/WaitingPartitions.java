package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Partitions that have something to send and cannot now, by what they wait for. In no other order than they came in. */
@EventLoopOnly
final class WaitingPartitions {

    private final Set<PartitionState> timed = new LinkedHashSet<>();
    private final Set<PartitionState> leaderless = new LinkedHashSet<>();
    private final Set<PartitionState> unidentified = new LinkedHashSet<>();
    private final Set<PartitionState> heldBack = new LinkedHashSet<>();

    /** For the end of a linger or a backoff. */
    Set<PartitionState> timed() {
        return timed;
    }

    /** For a leader. */
    Set<PartitionState> leaderless() {
        return leaderless;
    }

    /** For an identity, without which nothing can be stamped. */
    Set<PartitionState> unidentified() {
        return unidentified;
    }

    /** For the gate. */
    Set<PartitionState> heldBack() {
        return heldBack;
    }

    /** Those that wait for an identity; they wait no more. */
    List<PartitionState> takeUnidentified() {
        return take(unidentified);
    }

    /** Those that wait for the gate; they wait no more. */
    List<PartitionState> takeHeldBack() {
        return take(heldBack);
    }

    /** The partition waits for nothing any more. */
    void remove(PartitionState partition) {
        timed.remove(partition);
        leaderless.remove(partition);
        unidentified.remove(partition);
        heldBack.remove(partition);
    }

    private static List<PartitionState> take(Set<PartitionState> waiting) {
        List<PartitionState> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }
}
