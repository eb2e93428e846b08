package dev.millrace.spring.metrics;

import dev.millrace.producer.observe.BatchEnd;
import java.util.function.LongSupplier;

/** Records of one topic or of all. */
final class TopicCounts {

    /** The header of a batch, which is not compressed (protocol: record batch v2). */
    private static final int BATCH_HEADER_BYTES = 61;

    private final Tally sent;
    private final Tally failed;
    private final Tally retried;
    private final Tally bytes;
    private final Spread compressionRate;

    TopicCounts(LongSupplier nanoTime) {
        sent = new Tally(nanoTime);
        failed = new Tally(nanoTime);
        retried = new Tally(nanoTime);
        bytes = new Tally(nanoTime);
        compressionRate = new Spread(nanoTime);
    }

    void add(BatchEnd batch, long nowNanos) {
        (batch.failure() == null ? sent : failed).add(batch.records(), nowNanos);
        if (batch.wireBytes() > 0) {
            bytes.add(batch.wireBytes(), nowNanos);
            compressionRate.add(
                    (double) (batch.wireBytes() - BATCH_HEADER_BYTES) / Math.max(1, batch.rawBytes()), nowNanos);
        }
    }

    void addRefused(long nowNanos) {
        failed.add(1, nowNanos);
    }

    void addRetried(int records, long nowNanos) {
        retried.add(records, nowNanos);
    }

    /** What the reference has of every producer. */
    void registerOfAll(ReferenceMeters meters) {
        registerRecords(meters);
        meters.gauge("compression.rate.avg", "compressed size of a batch by its size before", compressionRate::average);
    }

    /** What the reference has of every topic. */
    void registerOfTopic(ReferenceMeters meters) {
        registerRecords(meters);
        meters.rateAndTotal("byte", "bytes of batches sent", bytes);
        meters.gauge("compression.rate", "compressed size of a batch by its size before", compressionRate::average);
    }

    private void registerRecords(ReferenceMeters meters) {
        meters.rateAndTotal("record.send", "records delivered", sent);
        meters.rateAndTotal("record.error", "records that failed", failed);
        meters.rateAndTotal("record.retry", "records sent again", retried);
    }
}
