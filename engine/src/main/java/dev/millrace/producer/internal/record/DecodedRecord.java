package dev.millrace.producer.internal.record;

import dev.millrace.producer.Headers;
import org.jspecify.annotations.Nullable;

/** One record as read from a batch. */
public final class DecodedRecord {

    private final int offsetDelta;
    private final long timestampMillis;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Headers headers;

    DecodedRecord(
            int offsetDelta, long timestampMillis, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        this.offsetDelta = offsetDelta;
        this.timestampMillis = timestampMillis;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    /** Offset relative to the batch's first record. */
    public int offsetDelta() {
        return offsetDelta;
    }

    /** Timestamp, absolute, in milliseconds since 1970. */
    public long timestampMillis() {
        return timestampMillis;
    }

    /** The key, not a copy, or null. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The value, not a copy, or null. */
    public byte @Nullable [] value() {
        return value;
    }

    /** The headers, in order. */
    public Headers headers() {
        return headers;
    }

    /** Names offset, timestamp and lengths; contents do not belong in logs. */
    @Override
    public String toString() {
        return "record[offsetDelta=" + offsetDelta + ", timestampMillis=" + timestampMillis + ", keyBytes="
                + lengthOf(key) + ", valueBytes=" + lengthOf(value) + ", headers=" + headers + "]";
    }

    private static int lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? RecordSizes.NULL_LENGTH : bytes.length;
    }
}
