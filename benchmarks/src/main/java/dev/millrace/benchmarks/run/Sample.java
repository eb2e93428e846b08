package dev.millrace.benchmarks.run;

import org.jspecify.annotations.Nullable;

/** A record to send. Made before the measurement and sent again and again, so that making it costs nothing. */
final class Sample {

    final @Nullable Integer partition; // null for the candidate's choice
    final byte @Nullable [] key; // 8 bytes, or null
    final byte[] value;

    Sample(@Nullable Integer partition, byte @Nullable [] key, byte[] value) {
        this.partition = partition;
        this.key = key;
        this.value = value;
    }
}
