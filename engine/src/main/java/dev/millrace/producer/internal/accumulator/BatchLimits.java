package dev.millrace.producer.internal.accumulator;

/**
 * How large batches get and how long they linger. Sizes are those on the wire but for {@code maxPlainBytes}.
 *
 * @param batchSizeBytes a batch of this size waits no longer
 * @param maxBatchBytes an open batch grows up to here while the wire is busy; at least {@code batchSizeBytes}
 * @param maxPlainBytes and before compression up to here, however well it may compress
 * @param lingerNanos how long a smaller batch waits for more records
 * @param openTime and how long any batch takes more records
 */
public record BatchLimits(
        int batchSizeBytes, int maxBatchBytes, int maxPlainBytes, long lingerNanos, OpenTime openTime) {

    /** Where nothing is compressed, and nothing waits for long. */
    public BatchLimits(int batchSizeBytes, int maxBatchBytes, long lingerNanos) {
        this(batchSizeBytes, maxBatchBytes, maxBatchBytes, lingerNanos, OpenTime.UNLIMITED);
    }
}
