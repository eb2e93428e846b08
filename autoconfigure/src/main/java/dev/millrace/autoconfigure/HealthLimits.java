package dev.millrace.autoconfigure;

import dev.millrace.producer.config.ProducerConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What counts as healthy.
 *
 * @param maxSilenceNanos how old the metadata may be, or how long there may be none
 * @param maxBatchAgeNanos how long a record may be without outcome
 * @param bufferThreshold which part of the buffer memory may be taken, 0 to 1
 */
record HealthLimits(long maxSilenceNanos, long maxBatchAgeNanos, double bufferThreshold) {

    /** As set, or as the producer's own limits suggest. */
    static HealthLimits of(HealthProperties properties, ProducerConfig config) {
        return new HealthLimits(
                nanos(properties.getMaxSilence(), config.metadata().maxAge().multipliedBy(2)),
                nanos(
                        properties.getMaxBatchAge(),
                        config.delivery().deliveryTimeout().dividedBy(2)),
                properties.getBufferThreshold());
    }

    private static long nanos(@Nullable Duration given, Duration otherwise) {
        return (given == null ? otherwise : given).toNanos();
    }
}
