package dev.millrace.producer.internal.client;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import java.util.BitSet;

/**
 * One walk through the waiting records of a known topic, oldest first, that moves them to their partitions. Under the topic's
 * lock, so it asks no user code.
 *
 * <p>A record whose serializer has not answered keeps back what is behind it in its partition, and only that: its partition
 * is settled now if its key is there. If it is not, or if user code has yet to choose, the record keeps back the whole topic.
 */
final class Assignment implements TopicQueues.Assigner {

    private final TopicRoute route;
    private final TopicSnapshot topic;
    private final BitSet heldPartitions = new BitSet();
    private boolean isAllHeld; // by a record whose partition may be that of any later one
    private boolean isHeldByBytes; // that record lacks bytes
    private boolean isUndecided;
    private boolean lacksPartition;

    Assignment(TopicRoute route, TopicSnapshot topic) {
        this.route = route;
        this.topic = topic;
    }

    /** Whether user code has to be asked before it goes on. */
    boolean isUndecided() {
        return isUndecided;
    }

    /** Whether a record waits for a partition the topic does not have. */
    boolean lacksPartition() {
        return lacksPartition;
    }

    @Override
    public int partitionFor(WaitingRecord waiting) {
        isUndecided |= waiting.isUndecided() && !waiting.lacksBytes();
        if (isAllHeld || waiting.isUndecided()) {
            return holdAll(waiting);
        }
        if (waiting.partition() == null && !waiting.hasKey()) {
            return holdAll(waiting);
        }
        int partition = route.partitionFor(topic, waiting.partition(), waiting.record());
        if (partition == RecordMetadata.UNKNOWN_PARTITION) {
            waiting.setHeldBack(false);
            lacksPartition = true;
            return NOT_YET;
        }
        if (waiting.lacksBytes() || heldPartitions.get(partition)) {
            waiting.pin(partition);
            heldPartitions.set(partition);
            return NOT_YET;
        }
        return partition;
    }

    private int holdAll(WaitingRecord waiting) {
        if (!isAllHeld) {
            isAllHeld = true;
            isHeldByBytes = waiting.lacksBytes();
        }
        waiting.setHeldBack(isHeldByBytes);
        return NOT_YET;
    }

    @Override
    public void assigned(WaitingRecord waiting, int partition) {
        int bytes = waiting.completion().grownBytes();
        route.appended(topic, waiting.chosenPartition(), waiting.record(), partition, bytes);
    }
}
