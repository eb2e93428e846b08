package dev.millrace.producer;

import dev.millrace.producer.errors.ErrorCode;

/**
 * A partition with something queued or under way.
 *
 * @param partition which
 * @param leader the leader's node id, {@link PartitionInfo#NO_LEADER} if there is none
 * @param queuedBytes bytes in batches not yet drained, before compression
 * @param batchesUnderWay drained batches that have not ended: in flight, waiting to be sent again, being compressed
 * @param batchesInFlight those sent and not answered
 * @param oldestAgeNanos how long ago the oldest record not yet ended was accepted
 * @param attempts how often the oldest batch was sent
 * @param lastError the last error of the oldest batch, {@link ErrorCode#NONE} if there was none
 */
public record PartitionSnapshot(
        TopicPartition partition,
        int leader,
        long queuedBytes,
        int batchesUnderWay,
        int batchesInFlight,
        long oldestAgeNanos,
        int attempts,
        ErrorCode lastError) {}
