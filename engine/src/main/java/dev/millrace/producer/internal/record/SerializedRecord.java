package dev.millrace.producer.internal.record;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.errors.ProducerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one record in bytes: ranges of arrays that belong to somebody else. Reused from record to record by the
 * thread that sends; {@link #copy} gives one that may wait.
 */
public final class SerializedRecord {

    /** The length of a null key or value. */
    public static final int NULL_LENGTH = -1;

    private static final long UNKNOWN = -1;
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] NO_HEADERS = {0};

    private byte @Nullable [] key; // null for a null key
    private int keyOffset;
    private int keyLength = NULL_LENGTH;
    private byte @Nullable [] value; // null for a null value
    private int valueOffset;
    private int valueLength = NULL_LENGTH;
    private Headers headers = Headers.empty();
    private byte[] headerSection = NO_HEADERS;
    private long timestampMillis;
    private long payloadBytes = UNKNOWN; // asked for several times for each record

    /** The key's range; borrowed. A length of {@value #NULL_LENGTH} is a null key. */
    public void setKey(byte[] array, int offset, int length) {
        key = length == NULL_LENGTH ? null : array;
        keyOffset = offset;
        keyLength = length;
        payloadBytes = UNKNOWN;
    }

    /** The value's range; borrowed. A length of {@value #NULL_LENGTH} is a null value. */
    public void setValue(byte[] array, int offset, int length) {
        value = length == NULL_LENGTH ? null : array;
        valueOffset = offset;
        valueLength = length;
        payloadBytes = UNKNOWN;
    }

    /** The headers, encoded at once: their section of a record does not depend on the record's place in a batch. */
    public void setHeaders(Headers source) {
        if (!(headers.isEmpty() && source.isEmpty())) { // a store into an old object costs more than looking
            headers = source;
            headerSection = source.isEmpty() ? NO_HEADERS : encode(source);
            payloadBytes = UNKNOWN;
        }
    }

    /** Milliseconds since the epoch. */
    public void setTimestampMillis(long millis) {
        timestampMillis = millis;
    }

    /** Forgets the arrays, so that they can be collected. */
    public void clear() {
        setKey(NOTHING, 0, NULL_LENGTH);
        setValue(NOTHING, 0, NULL_LENGTH);
        setHeaders(Headers.empty());
    }

    /** The same record in arrays of its own. */
    public SerializedRecord copy() {
        SerializedRecord copy = new SerializedRecord();
        copy.setKey(range(key(), keyOffset, keyLength), 0, keyLength);
        copy.setValue(range(value(), valueOffset, valueLength), 0, valueLength);
        copy.headers = headers;
        copy.headerSection = headerSection;
        copy.timestampMillis = timestampMillis;
        return copy;
    }

    /** The array that holds the key; meaningless for a null key. */
    public byte[] key() {
        byte[] array = key;
        return array == null ? NOTHING : array;
    }

    /** Where in its array the key starts. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Bytes of the key, {@value #NULL_LENGTH} for null. */
    public int keyLength() {
        return keyLength;
    }

    /** The array that holds the value; meaningless for a null value. */
    public byte[] value() {
        byte[] array = value;
        return array == null ? NOTHING : array;
    }

    /** Where in its array the value starts. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Bytes of the value, {@value #NULL_LENGTH} for null. */
    public int valueLength() {
        return valueLength;
    }

    /** The headers as they were set. */
    public Headers headers() {
        return headers;
    }

    /** The headers section: count, then key and value of each, as in a v2 record. */
    public byte[] headerSection() {
        return headerSection;
    }

    /** Milliseconds since the epoch. */
    public long timestampMillis() {
        return timestampMillis;
    }

    /** Bytes of key, value and headers with their lengths: all of a record that does not depend on its batch. */
    public int payloadBytes() {
        return Math.toIntExact(longPayloadBytes());
    }

    /** The most bytes a batch with only this record can take, which is what size limits are checked against. */
    public long batchUpperBoundBytes() {
        return RecordSizes.upperBoundBytes(longPayloadBytes());
    }

    private long longPayloadBytes() {
        long bytes = payloadBytes;
        if (bytes == UNKNOWN) {
            bytes = (long) Varints.varintBytes(keyLength)
                    + Math.max(keyLength, 0)
                    + Varints.varintBytes(valueLength)
                    + Math.max(valueLength, 0)
                    + headerSection.length;
            payloadBytes = bytes;
        }
        return bytes;
    }

    /** This record as one that was not delivered. Only for a {@link #copy}, whose arrays hold nothing else. */
    public UndeliveredRecord toUndelivered(String topic, int partition, ProducerException failure) {
        return new UndeliveredRecord(
                topic,
                partition,
                timestampMillis,
                keyLength == NULL_LENGTH ? null : key(),
                valueLength == NULL_LENGTH ? null : value(),
                headers,
                failure);
    }

    private static byte[] range(byte[] array, int offset, int length) {
        if (length <= 0) {
            return NOTHING;
        }
        byte[] copy = new byte[length];
        System.arraycopy(array, offset, copy, 0, length);
        return copy;
    }

    private static byte[] encode(Headers source) {
        byte[][] keys = new byte[source.size()][];
        int bytes = Varints.varintBytes(source.size());
        for (int i = 0; i < keys.length; i++) {
            Header header = source.asList().get(i);
            keys[i] = header.key().getBytes(StandardCharsets.UTF_8);
            int valueBytes = lengthOf(header.value());
            bytes += Varints.varintBytes(keys[i].length) + keys[i].length;
            bytes += Varints.varintBytes(valueBytes) + Math.max(valueBytes, 0);
        }
        ByteBuffer section = ByteBuffer.allocate(bytes);
        Varints.putVarint(section, keys.length);
        for (int i = 0; i < keys.length; i++) {
            byte[] headerValue = source.asList().get(i).value();
            Varints.putVarint(section, keys[i].length);
            section.put(keys[i]);
            Varints.putVarint(section, lengthOf(headerValue));
            if (headerValue != null) {
                section.put(headerValue);
            }
        }
        return section.array();
    }

    private static int lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? NULL_LENGTH : bytes.length;
    }
}
