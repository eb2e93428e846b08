package dev.millrace.producer.internal.compression;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Decompressed bytes. Grows with what was really decoded and never past its limit, whatever the input claims. */
final class BoundedOutput {

    private static final int FIRST_BYTES = 4096;

    private final int limitBytes;
    private byte[] bytes;
    private int size;

    BoundedOutput(int limitBytes) {
        this.limitBytes = limitBytes;
        bytes = new byte[Math.min(limitBytes, FIRST_BYTES)];
    }

    /** Where to write, from {@link #size} on, after {@link #reserve}. */
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    void wrote(int count) {
        size += count;
    }

    /** Makes room for this many bytes more. */
    void reserve(int count) {
        if (count < 0 || count > limitBytes - size) {
            throw new DecompressionException("decompressed data exceeds " + limitBytes + " B");
        }
        if (count > bytes.length - size) {
            long doubled = Math.min(limitBytes, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, (long) size + count));
        }
    }

    void readAll(InputStream in) throws IOException {
        while (true) {
            if (size == bytes.length && size < limitBytes) {
                reserve(1);
            }
            if (size == limitBytes) {
                if (in.read() >= 0) {
                    reserve(1); // which is too much
                }
                return;
            }
            int count = in.read(bytes, size, bytes.length - size);
            if (count < 0) {
                return;
            }
            size += count;
        }
    }

    ByteBuffer result() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }
}
