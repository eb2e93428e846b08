package dev.millrace.producer.serialization;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a serializer puts the bytes of one key or value: a scratch array that is used again for the next record, or an
 * array the serializer has anyway.
 *
 * <p>The {@code put} methods append to the scratch, numbers in big-endian order. {@code wrap} takes an array as it is,
 * without a copy, if nothing was written before; otherwise its bytes are appended. So a serializer can write a prefix
 * and leave the rest to another one. Nothing written means an empty payload, {@code wrap(null)} means null.
 *
 * <p>Confined to one thread. A scratch that has grown above {@value #MAX_RETAINED_BYTES} bytes is let go at
 * {@link #reset}, so one large record does not cost memory for ever.
 */
public final class PayloadBuffer {

    static final int INITIAL_BYTES = 256;
    static final int MAX_RETAINED_BYTES = 64 * 1024;

    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private byte[] scratch;

    /** The wrapped array; null while the payload is in the scratch. */
    private byte @Nullable [] wrapped;

    private int offset;
    private int length;
    private boolean isNull;

    /** An empty buffer. */
    public PayloadBuffer() {
        scratch = new byte[INITIAL_BYTES];
    }

    /**
     * Makes this array the payload, or appends it to what was written before. The array must not change until the
     * record's {@code send} has returned.
     *
     * @param bytes the bytes; null for a null payload
     * @throws IllegalStateException if {@code bytes} is null and something was written before
     */
    public void wrap(byte @Nullable [] bytes) {
        if (bytes == null) {
            wrapNull();
        } else {
            wrap(bytes, 0, bytes.length);
        }
    }

    /** Makes this part of an array the payload, or appends it to what was written before, as {@link #wrap(byte[])}. */
    public void wrap(byte[] bytes, int from, int count) {
        if (length > 0 || isNull) {
            put(bytes, from, count);
            return;
        }
        Objects.checkFromIndexSize(from, count, bytes.length);
        wrapped = bytes;
        offset = from;
        length = count;
    }

    /** Appends one byte, the low eight bits of {@code value}. */
    public void put(int value) {
        int at = grow(1);
        scratch[at] = (byte) value;
    }

    /** Appends an array. */
    public void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    /** Appends part of an array. */
    public void put(byte[] bytes, int from, int count) {
        Objects.checkFromIndexSize(from, count, bytes.length);
        int at = grow(count);
        System.arraycopy(bytes, from, scratch, at, count);
    }

    /** Appends the remaining bytes and leaves the source's position as it is. */
    public void put(ByteBuffer source) {
        int count = source.remaining();
        int at = grow(count);
        source.get(source.position(), scratch, at, count);
    }

    /** Appends two bytes, the low sixteen bits of {@code value}. */
    public void putShort(int value) {
        int at = grow(Short.BYTES);
        scratch[at] = (byte) (value >>> 8);
        scratch[at + 1] = (byte) value;
    }

    /** Appends four bytes. */
    public void putInt(int value) {
        int at = grow(Integer.BYTES);
        scratch[at] = (byte) (value >>> 24);
        scratch[at + 1] = (byte) (value >>> 16);
        scratch[at + 2] = (byte) (value >>> 8);
        scratch[at + 3] = (byte) value;
    }

    /** Appends eight bytes. */
    public void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    /** Appends text as UTF-8; an unpaired surrogate becomes {@code ?}, as {@link String#getBytes} has it. */
    public void putUtf8(String text) {
        int chars = text.length();
        int at = grow(chars);
        for (int i = 0; i < chars; i++) {
            char next = text.charAt(i);
            if (next >= Utf8.FIRST_OF_TWO_BYTES) {
                length -= chars - i;
                putUtf8From(text, i);
                return;
            }
            scratch[at + i] = (byte) next;
        }
    }

    /** Makes room for this many more bytes at once, so that the puts that follow do not grow step by step. */
    public void ensure(int moreBytes) {
        makeRoom(moreBytes);
    }

    /** For the reader: the array that holds the payload, not a copy. Valid until the next change. */
    public byte[] array() {
        byte[] held = wrapped;
        return held == null ? scratch : held;
    }

    /** For the reader: where the payload begins in {@link #array()}. */
    public int offset() {
        return offset;
    }

    /** For the reader: how many bytes the payload has, or -1 if it is null. */
    public int length() {
        return isNull ? -1 : length;
    }

    /** Forgets the payload; the next record starts with an empty one. */
    public void reset() {
        if (scratch.length > MAX_RETAINED_BYTES) {
            scratch = new byte[INITIAL_BYTES];
        }
        wrapped = null;
        offset = 0;
        length = 0;
        isNull = false;
    }

    private void wrapNull() {
        if (length > 0) {
            throw new IllegalStateException("null payload after " + length + " B were written; write nothing before"
                    + " wrap(null), or reset() first");
        }
        isNull = true;
    }

    private void putUtf8From(String text, int from) {
        makeRoom((long) Utf8.MAX_BYTES_PER_CHAR * (text.length() - from));
        length = Utf8.encode(text, from, scratch, length);
    }

    /** Counts the bytes in and returns where in the scratch they start. */
    private int grow(int bytes) {
        makeRoom(bytes);
        int at = length;
        length = at + bytes;
        return at;
    }

    private void makeRoom(long bytes) {
        if (isNull) {
            throw new IllegalStateException("payload is null; reset() it before something is written");
        }
        long needed = length + bytes;
        if (needed > MAX_ARRAY_BYTES) {
            throw new IllegalStateException("payload too large: size=" + needed + " B limit=" + MAX_ARRAY_BYTES
                    + " B; split the value into several records");
        }
        byte[] held = wrapped;
        if (held != null) {
            unwrap(held, (int) needed);
        } else if (needed > scratch.length) {
            scratch = Arrays.copyOf(scratch, capacityFor(needed));
        }
    }

    private void unwrap(byte[] held, int needed) {
        if (needed > scratch.length) {
            scratch = new byte[capacityFor(needed)];
        }
        System.arraycopy(held, offset, scratch, 0, length);
        wrapped = null;
        offset = 0;
    }

    private int capacityFor(long needed) {
        return (int) Math.min(MAX_ARRAY_BYTES, Math.max(needed, 2L * scratch.length));
    }
}
