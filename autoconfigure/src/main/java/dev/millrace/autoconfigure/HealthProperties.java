package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What counts as healthy, under {@code app.producer.health}. */
public class HealthProperties {

    /** How old the metadata may be, or how long there may be none. Twice the longest age of metadata if not set. */
    private @Nullable Duration maxSilence;

    /** How long a record may be without outcome. Half of the delivery timeout if not set. */
    private @Nullable Duration maxBatchAge;

    /** Part of the buffer memory from which on the producer is out of service, once it is taken for 30 seconds. Between 0 and 1. */
    private double bufferThreshold = 0.95;

    public @Nullable Duration getMaxSilence() {
        return maxSilence;
    }

    public void setMaxSilence(@Nullable Duration maxSilence) {
        this.maxSilence = maxSilence;
    }

    public @Nullable Duration getMaxBatchAge() {
        return maxBatchAge;
    }

    public void setMaxBatchAge(@Nullable Duration maxBatchAge) {
        this.maxBatchAge = maxBatchAge;
    }

    public double getBufferThreshold() {
        return bufferThreshold;
    }

    public void setBufferThreshold(double bufferThreshold) {
        this.bufferThreshold = bufferThreshold;
    }
}
