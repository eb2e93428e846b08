package dev.millrace.producer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole pipeline of a producer at one moment. Partitions in which nothing happens are not listed, so its size follows
 * what is in use.
 *
 * @param clientId the producer's name
 * @param bottleneck which part holds the others up
 * @param explanation the same for a human, with names and numbers
 * @param records how many records were submitted and what became of them
 * @param buffer the memory of records not yet delivered
 * @param metadataAgeNanos age of the last description of the cluster, -1 if there was none
 * @param metadataProblem why there is no fresher one, null if the last attempt went well
 * @param delivery outcomes that are known and not yet told
 * @param waitingForIdentity partitions whose batches wait for a producer id
 * @param waitingTopics topics whose records wait for the cluster to describe them, by name
 * @param partitions partitions with something queued or under way, by topic and number
 * @param nodes nodes the producer has connections to, by id
 */
public record PipelineSnapshot(
        String clientId,
        Bottleneck bottleneck,
        String explanation,
        RecordCounts records,
        BufferState buffer,
        long metadataAgeNanos,
        @Nullable String metadataProblem,
        DeliveryState delivery,
        int waitingForIdentity,
        List<WaitingTopic> waitingTopics,
        List<PartitionSnapshot> partitions,
        List<NodeSnapshot> nodes) {

    /** Copies the lists. */
    public PipelineSnapshot {
        waitingTopics = List.copyOf(waitingTopics);
        partitions = List.copyOf(partitions);
        nodes = List.copyOf(nodes);
    }

    /**
     * What became of the records, since the producer was opened.
     *
     * @param submitted handed to {@code send}, refused ones included
     * @param delivered their futures have completed
     * @param failed their futures have failed
     */
    public record RecordCounts(long submitted, long delivered, long failed) {

        /** Records whose futures have yet to complete. */
        public long pending() {
            return submitted - delivered - failed;
        }
    }

    /**
     * The memory of records not yet delivered.
     *
     * @param usedBytes taken
     * @param limitBytes the most that may be taken
     * @param waitingThreads sends that wait for memory
     */
    public record BufferState(long usedBytes, long limitBytes, int waitingThreads) {}

    /**
     * Outcomes that are known and not yet told.
     *
     * @param batches whose callbacks have yet to run
     * @param delayNanos how long the oldest of them has waited, or its callbacks have run; 0 if there is none
     */
    public record DeliveryState(int batches, long delayNanos) {}

    /**
     * A topic whose records wait for the cluster to describe it.
     *
     * @param topic its name
     * @param oldestAgeNanos how long the oldest of them has waited
     * @param problem what the cluster last said of the topic, null if nothing
     */
    public record WaitingTopic(String topic, long oldestAgeNanos, @Nullable String problem) {}
}
