package dev.millrace.benchmarks.sink;

import java.nio.ByteBuffer;

/** Unsigned variable-length numbers of the protocol. */
public final class Varint {

    private Varint() {}

    /** Reads one. */
    public static int read(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Writes one. */
    public static void write(ByteBuffer out, int value) {
        int left = value;
        while ((left & ~0x7f) != 0) {
            out.put((byte) (left | 0x80));
            left >>>= 7;
        }
        out.put((byte) left);
    }
}
