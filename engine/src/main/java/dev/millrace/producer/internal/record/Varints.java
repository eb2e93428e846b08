package dev.millrace.producer.internal.record;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.nio.ByteBuffer;

/**
 * The signed variable-length integers inside records: zigzag, which makes small negative numbers small, then base 128,
 * low bits first, with the high bit set on all bytes but the last.
 */
public final class Varints {

    /** The longest int. */
    public static final int MAX_VARINT_BYTES = 5;

    /** The longest long. */
    public static final int MAX_VARLONG_BYTES = 10;

    private Varints() {}

    /** How many bytes an int takes, 1 to {@value #MAX_VARINT_BYTES}. */
    public static int varintBytes(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7; // significant bits / 7, rounded up
    }

    /** How many bytes a long takes, 1 to {@value #MAX_VARLONG_BYTES}. */
    public static int varlongBytes(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7; // significant bits / 7, rounded up
    }

    /** Writes an int at the buffer's position. */
    public static void putVarint(ByteBuffer out, int value) {
        int rest = (value << 1) ^ (value >> 31);
        while ((rest & ~0x7f) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Writes a long at the buffer's position. */
    public static void putVarlong(ByteBuffer out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Writes an int at an index; the position stays. Returns the index behind it. */
    public static int putVarint(ByteBuffer out, int index, int value) {
        int at = index;
        int rest = (value << 1) ^ (value >> 31);
        while ((rest & ~0x7f) != 0) {
            out.put(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put(at++, (byte) rest);
        return at;
    }

    /** Writes a long at an index; the position stays. Returns the index behind it. */
    public static int putVarlong(ByteBuffer out, int index, long value) {
        int at = index;
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.put(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put(at++, (byte) rest);
        return at;
    }

    /**
     * Reads an int at the buffer's position.
     *
     * @throws MalformedResponseException if it is not over after {@value #MAX_VARINT_BYTES} bytes or the buffer is
     */
    public static int getVarint(ByteBuffer in) {
        int zigzag = 0;
        for (int shift = 0; shift < MAX_VARINT_BYTES * 7; shift += 7) {
            byte next = getByte(in);
            zigzag |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new MalformedResponseException(
                "varint longer than " + MAX_VARINT_BYTES + " bytes at byte " + in.position());
    }

    /**
     * Reads a long at the buffer's position.
     *
     * @throws MalformedResponseException if it is not over after {@value #MAX_VARLONG_BYTES} bytes or the buffer is
     */
    public static long getVarlong(ByteBuffer in) {
        long zigzag = 0;
        for (int shift = 0; shift < MAX_VARLONG_BYTES * 7; shift += 7) {
            byte next = getByte(in);
            zigzag |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new MalformedResponseException(
                "varlong longer than " + MAX_VARLONG_BYTES + " bytes at byte " + in.position());
    }

    private static byte getByte(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new MalformedResponseException("record ends inside a number at byte " + in.position());
        }
        return in.get();
    }
}
