package dev.millrace.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.Headers;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import org.jspecify.annotations.Nullable;

/**
 * One record in the log of a {@link FakeCluster}.
 *
 * <p>Of a record that came in a batch compressed with a codec that is not on the class path, only the place is known, see {@link
 * #isOpaque}.
 */
public final class FakeRecord {

    private final long offset;
    private final long producerId;
    private final long timestampMillis;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Headers headers;
    private final boolean opaque;

    private FakeRecord(
            long offset,
            long producerId,
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            boolean opaque) {
        this.offset = offset;
        this.producerId = producerId;
        this.timestampMillis = timestampMillis;
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.opaque = opaque;
    }

    static FakeRecord of(long offset, RecordBatchHeader batch, DecodedRecord decoded) {
        return new FakeRecord(
                offset,
                batch.producerId(),
                decoded.timestampMillis(),
                decoded.key(),
                decoded.value(),
                decoded.headers(),
                false);
    }

    static FakeRecord opaque(long offset, RecordBatchHeader batch) {
        return new FakeRecord(
                offset, batch.producerId(), batch.maxTimestampMillis(), null, null, Headers.empty(), true);
    }

    /** Its place in the partition. */
    public long offset() {
        return offset;
    }

    /** The producer id of its batch, -1 if that was not idempotent. */
    public long producerId() {
        return producerId;
    }

    /** Milliseconds since 1970; of an opaque record, the latest of its batch. */
    public long timestampMillis() {
        return timestampMillis;
    }

    /** The key, not a copy, or null. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The key as UTF-8 text, or null. */
    public @Nullable String keyText() {
        return key == null ? null : new String(key, UTF_8);
    }

    /** The value, not a copy, or null. */
    public byte @Nullable [] value() {
        return value;
    }

    /** The value as UTF-8 text, or null. */
    public @Nullable String valueText() {
        return value == null ? null : new String(value, UTF_8);
    }

    /** The headers, in order. */
    public Headers headers() {
        return headers;
    }

    /** Whether it could not be decompressed, so that key, value and headers are not known. */
    public boolean isOpaque() {
        return opaque;
    }

    @Override
    public String toString() {
        return "FakeRecord[offset=" + offset + ", key=" + keyText() + ", value=" + (opaque ? "?" : valueText())
                + ", headers=" + headers + "]";
    }
}
