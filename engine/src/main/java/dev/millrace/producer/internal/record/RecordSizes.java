package dev.millrace.producer.internal.record;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import java.util.List;

/**
 * How many bytes a record takes in a batch (message format 2).
 *
 * <pre>
 * record  = varint body length | body
 * body    = int8 attributes, 0 | varlong timestamp delta | varint offset delta | payload
 * payload = varint key length or -1 | key | varint value length or -1 | value | varint number of headers | headers
 * header  = varint key length | key in UTF-8 | varint value length or -1 | value
 * </pre>
 *
 * <p>Lengths of keys and values are in bytes, {@value #NULL_LENGTH} for null. Allocates nothing.
 */
public final class RecordSizes {

    /** The length that stands for null. */
    public static final int NULL_LENGTH = -1;

    /** Bytes of a record beside its payload at most: {@value} = 5 length + 1 attributes + 10 timestamp + 5 offset. */
    public static final int MAX_RECORD_OVERHEAD_BYTES =
            Varints.MAX_VARINT_BYTES + 1 + Varints.MAX_VARLONG_BYTES + Varints.MAX_VARINT_BYTES;

    /** The smallest record, of seven parts with one byte each. */
    public static final int MIN_RECORD_BYTES = 7;

    private RecordSizes() {}

    /** Key, value and headers with their lengths. */
    public static long payloadBytes(int keyBytes, int valueBytes, Headers headers) {
        return nullableBytes(keyBytes) + nullableBytes(valueBytes) + headersBytes(headers);
    }

    /**
     * The record without the length in front of it.
     *
     * @throws ArithmeticException above 2 GiB, which the limit on requests keeps out
     */
    public static int recordBodyBytes(
            int keyBytes, int valueBytes, Headers headers, long timestampDeltaMillis, int offsetDelta) {
        return recordBodyBytes(payloadBytes(keyBytes, valueBytes, headers), timestampDeltaMillis, offsetDelta);
    }

    /** As above, with the payload already measured. */
    public static int recordBodyBytes(long payloadBytes, long timestampDeltaMillis, int offsetDelta) {
        return Math.toIntExact(
                1 + Varints.varlongBytes(timestampDeltaMillis) + Varints.varintBytes(offsetDelta) + payloadBytes);
    }

    /** The whole record. */
    public static int recordBytes(int bodyBytes) {
        return Math.addExact(Varints.varintBytes(bodyBytes), bodyBytes);
    }

    /**
     * The most a record can take as the only one of a batch, batch header included: what admission compares with the
     * limit on requests, before offset and timestamp are known.
     */
    public static long upperBoundBytes(int keyBytes, int valueBytes, Headers headers) {
        return upperBoundBytes(payloadBytes(keyBytes, valueBytes, headers));
    }

    /** As above, with the payload already measured. */
    public static long upperBoundBytes(long payloadBytes) {
        return RecordBatchLayout.HEADER_BYTES + MAX_RECORD_OVERHEAD_BYTES + payloadBytes;
    }

    /** How many bytes a text takes in UTF-8, as {@link String#getBytes} writes it. */
    public static int utf8Bytes(String text) {
        int bytes = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 1; // half a pair becomes a question mark
            }
        }
        return bytes;
    }

    private static long headersBytes(Headers headers) {
        List<Header> entries = headers.asList();
        long bytes = Varints.varintBytes(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Header header = entries.get(i);
            byte[] value = header.value();
            bytes += nullableBytes(utf8Bytes(header.key())) + nullableBytes(value == null ? NULL_LENGTH : value.length);
        }
        return bytes;
    }

    private static long nullableBytes(int length) {
        return Varints.varintBytes(length) + (long) Math.max(length, 0);
    }
}
