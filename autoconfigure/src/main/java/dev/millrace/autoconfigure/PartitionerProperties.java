package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a record without partition gets one, under {@code app.producer.partitioner}. */
public class PartitionerProperties {

    /** Built-in partitioner. */
    private @Nullable String type;

    /** Whether partitions with much to send get less than others. */
    private @Nullable Boolean adaptive;

    /** How long a broker may take nothing before its partitions are left out. Zero means for ever. */
    private @Nullable Duration availabilityTimeout;

    /** Whether partitions led in the rack of this client go first. */
    private @Nullable Boolean rackAware;

    /** Whether keys have no say in the choice of the partition. */
    private @Nullable Boolean ignoreKeys;

    public @Nullable Boolean getIgnoreKeys() {
        return ignoreKeys;
    }

    public void setIgnoreKeys(@Nullable Boolean ignoreKeys) {
        this.ignoreKeys = ignoreKeys;
    }

    public @Nullable String getType() {
        return type;
    }

    public void setType(@Nullable String type) {
        this.type = type;
    }

    public @Nullable Boolean getAdaptive() {
        return adaptive;
    }

    public void setAdaptive(@Nullable Boolean adaptive) {
        this.adaptive = adaptive;
    }

    public @Nullable Duration getAvailabilityTimeout() {
        return availabilityTimeout;
    }

    public void setAvailabilityTimeout(@Nullable Duration availabilityTimeout) {
        this.availabilityTimeout = availabilityTimeout;
    }

    public @Nullable Boolean getRackAware() {
        return rackAware;
    }

    public void setRackAware(@Nullable Boolean rackAware) {
        this.rackAware = rackAware;
    }
}
