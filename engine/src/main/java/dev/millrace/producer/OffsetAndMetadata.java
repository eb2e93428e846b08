package dev.millrace.producer;

import org.jspecify.annotations.Nullable;

/**
 * How far a partition was consumed.
 *
 * @param offset the next record to consume, at least 0
 * @param leaderEpoch age of the leadership the last record was read under, null if not known
 * @param metadata the application's words, up to the broker's {@code offset.metadata.max.bytes}; may be empty
 */
public record OffsetAndMetadata(long offset, @Nullable Integer leaderEpoch, String metadata) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the offset or the leader epoch is negative
     */
    public OffsetAndMetadata {
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
        if (leaderEpoch != null && leaderEpoch < 0) {
            throw new IllegalArgumentException("leader epoch must not be negative: " + leaderEpoch);
        }
    }

    /** An offset and nothing else. */
    public OffsetAndMetadata(long offset) {
        this(offset, null, "");
    }
}
