package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one node that have something to send, in the order in which they get their turn: whoever was served
 * goes to the end, so that no partition starves when not all of them fit into a request.
 */
@EventLoopOnly
final class NodeQueue {

    private final int nodeId;
    private final Deque<PartitionState> ready = new ArrayDeque<>();

    EventLoop.@Nullable Timer retry; // null unless sending to the node failed with an internal error

    NodeQueue(int nodeId) {
        this.nodeId = nodeId;
    }

    int nodeId() {
        return nodeId;
    }

    int size() {
        return ready.size();
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    void addAllTo(List<PartitionState> partitions) {
        partitions.addAll(ready);
    }

    void add(PartitionState partition) {
        if (partition.readyAt != this) {
            remove(partition);
            partition.readyAt = this;
            ready.add(partition);
        }
    }

    /** Takes the partition out of whichever queue it is in. */
    static void remove(PartitionState partition) {
        NodeQueue queue = partition.readyAt;
        if (queue != null) {
            queue.ready.remove(partition);
            partition.readyAt = null;
        }
    }

    /** The partitions whose next batches fit into one request, taken out of the queue. */
    List<PartitionState> take(ProduceRequestPlanner planner, int requestsInFlight) {
        List<PartitionState> planned = new ArrayList<>();
        int bytes = 0;
        boolean worthSending = false;
        for (PartitionState partition : ready) {
            int next = partition.nextBytes();
            if (!planner.fits(planned.size(), bytes, next)) {
                break;
            }
            planned.add(partition);
            bytes += next;
            worthSending |= partition.hasRetry();
        }
        if (!worthSending && !planner.isWorthSending(bytes, requestsInFlight)) {
            return List.of();
        }
        for (PartitionState partition : planned) {
            ready.poll();
            partition.readyAt = null;
        }
        return planned;
    }
}
