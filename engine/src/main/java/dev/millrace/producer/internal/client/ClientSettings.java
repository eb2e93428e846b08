package dev.millrace.producer.internal.client;

import java.time.Duration;

/**
 * What of the configuration the caller's side needs.
 *
 * @param clientId for logs and messages
 * @param maxBlockNanos the longest wait for memory, and for a topic's partitions
 * @param deliveryTimeoutNanos the longest wait for the bytes of a record
 * @param maxRequestBytes the largest record
 * @param roomBytes what {@code whenWritable} waits for, if no larger record was refused
 * @param partitioning how the engine itself chooses partitions
 * @param closeTimeout how long {@code close()} waits
 * @param maxIdleNanos how long what is known of a topic is kept without a use
 */
public record ClientSettings(
        String clientId,
        long maxBlockNanos,
        long deliveryTimeoutNanos,
        int maxRequestBytes,
        int roomBytes,
        PartitioningSettings partitioning,
        Duration closeTimeout,
        long maxIdleNanos) {

    String logPrefix() {
        return "[producer=" + clientId + "]";
    }
}
