package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** How a record without partition gets one, under {@code app.producer.partitioner}. */
public class PartitionerProperties {

    /** Whether keys have no say in the choice of the partition. */
    private @Nullable Boolean ignoreKeys;

    public @Nullable Boolean getIgnoreKeys() {
        return ignoreKeys;
    }

    public void setIgnoreKeys(@Nullable Boolean ignoreKeys) {
        this.ignoreKeys = ignoreKeys;
    }
}
