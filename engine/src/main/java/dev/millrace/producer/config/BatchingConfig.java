package dev.millrace.producer.config;

import java.time.Duration;

/**
 * How records become batches and how much memory they may take. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param linger how long a batch waits for more records, at least 0; default 5 ms
 * @param batchSizeBytes how large a batch grows while it could be sent, at least 0; 0 means no batching; default 16 KiB
 * @param bufferMemoryBytes what all records not yet delivered may take together, not below {@code batchSizeBytes} and
 *     not below {@link DeliveryConfig#maxRequestSizeBytes()}; default 32 MiB
 */
public record BatchingConfig(Duration linger, int batchSizeBytes, long bufferMemoryBytes) {}
