package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.record.RecordBatchLayout;

/**
 * How large a topic's batches will be once they are compressed, judged by those before. Callers ask, the event loop
 * tells.
 *
 * <p>A batch that compresses worse than expected counts at once, because the next one would be too large; one that
 * compresses better counts by a quarter. Small batches compress badly and say little of large ones, so a batch counts by
 * its size, and fully from {@code batch-size} on.
 */
final class CompressionEstimate {

    private static final double NOT_COMPRESSED = 1.0;
    private static final double MARGIN = 1.05;
    private static final double EASING = 0.25;

    private final int fullWeightBytes;
    private volatile double ratio = NOT_COMPRESSED; // written by the event loop only

    CompressionEstimate(int batchSizeBytes) {
        fullWeightBytes = Math.max(1, batchSizeBytes);
    }

    /** Bytes of a batch on the wire, given its size before compression. Never more than that. */
    int wireBytes(int plainBatchBytes) {
        double expected = ratio * MARGIN;
        if (expected >= NOT_COMPRESSED) {
            return plainBatchBytes;
        }
        int records = plainBatchBytes - RecordBatchLayout.HEADER_BYTES;
        return RecordBatchLayout.HEADER_BYTES + (int) Math.ceil(records * expected);
    }

    /** What became of a batch's records. Event loop. */
    void observe(int plainRecordsBytes, int wireRecordsBytes) {
        double observed = Math.min(NOT_COMPRESSED, (double) wireRecordsBytes / Math.max(1, plainRecordsBytes));
        double known = ratio;
        double weight = Math.min(1.0, (double) plainRecordsBytes / fullWeightBytes);
        ratio = known + (observed - known) * weight * (observed < known ? EASING : 1.0);
    }
}
