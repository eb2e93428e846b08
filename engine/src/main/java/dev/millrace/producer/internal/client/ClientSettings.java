package dev.millrace.producer.internal.client;

import java.time.Duration;

/**
 * What of the configuration the caller's side needs.
 *
 * @param clientId for logs and messages
 * @param maxBlockNanos the longest wait for memory, and for a topic's partitions
 * @param maxRequestBytes the largest record
 * @param stickyBytes after how many bytes records without key move on to another partition
 * @param ignoreKeys whether keys decide nothing
 * @param closeTimeout how long {@code close()} waits
 * @param maxIdleNanos how long what is known of a topic is kept without a use
 */
public record ClientSettings(
        String clientId,
        long maxBlockNanos,
        int maxRequestBytes,
        int stickyBytes,
        boolean ignoreKeys,
        Duration closeTimeout,
        long maxIdleNanos) {

    String logPrefix() {
        return "[producer=" + clientId + "]";
    }
}
