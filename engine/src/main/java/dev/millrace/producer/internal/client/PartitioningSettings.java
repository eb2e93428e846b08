package dev.millrace.producer.internal.client;

import dev.millrace.producer.internal.partitioning.KeyHash;
import dev.millrace.producer.internal.partitioning.NextPartition;
import org.jspecify.annotations.Nullable;

/**
 * How the engine itself chooses partitions.
 *
 * @param placement what becomes of a record, key or not
 * @param keyHash how keys decide, or null if they decide nothing
 * @param next where records without key go when they move on
 * @param stickyBytes after how many bytes they do
 * @param availabilityTimeoutNanos for how long data of a partition may be ready and not sent until other partitions are
 *     preferred; 0 for ever
 * @param rack the producer's rack, whose leaders are preferred, or null to prefer none
 */
public record PartitioningSettings(
        Placement placement,
        @Nullable KeyHash keyHash,
        NextPartition next,
        int stickyBytes,
        long availabilityTimeoutNanos,
        @Nullable String rack) {

    /** What becomes of a record that names no partition. */
    public enum Placement {
        /** Its key decides; without one it goes where the others without key go at that time. */
        KEY_OR_STICKY,
        /** It goes to the partition after that of the record before it. */
        ROUND_ROBIN
    }
}
