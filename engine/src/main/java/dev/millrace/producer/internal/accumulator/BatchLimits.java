package dev.millrace.producer.internal.accumulator;

/**
 * How large batches get and how long they linger.
 *
 * @param batchSizeBytes a batch of this size waits no longer
 * @param maxBatchBytes an open batch grows up to here while the wire is busy; at least {@code batchSizeBytes}
 * @param lingerNanos how long a smaller batch waits for more records
 */
public record BatchLimits(int batchSizeBytes, int maxBatchBytes, long lingerNanos) {}
