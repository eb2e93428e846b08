package dev.millrace.producer.internal.compression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Compressed bytes on their way into chunks, which are fetched as they are needed. Ends early: whoever writes asks
 * {@link #isPastLimit} now and then and stops, because a result that saves nothing is of no use.
 */
public final class ChunkOutput {

    private final Supplier<ByteBuffer> source;
    private final int reservedBytes;
    private final int limitBytes;
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int fullBytes; // in the chunks before the last

    /**
     * Nothing written, nothing fetched.
     *
     * @param source gives direct chunks from position 0, larger than {@code reservedBytes}
     * @param reservedBytes room left free at the beginning
     * @param limitBytes a result of more is not wanted; the reserved bytes do not count
     */
    public ChunkOutput(Supplier<ByteBuffer> source, int reservedBytes, int limitBytes) {
        this.source = source;
        this.reservedBytes = reservedBytes;
        this.limitBytes = limitBytes;
    }

    /** Bytes written, without the reserved ones. */
    public int sizeBytes() {
        return chunks.isEmpty() ? 0 : fullBytes + last().position() - reservedBytes;
    }

    /** Whether more than wanted was written. */
    boolean isPastLimit() {
        return sizeBytes() > limitBytes;
    }

    /** A chunk with room, to write into at its position; another one once it is full. */
    ByteBuffer room() {
        if (chunks.isEmpty()) {
            chunks.add(source.get().position(reservedBytes));
        } else if (!last().hasRemaining()) {
            fullBytes += last().position();
            chunks.add(source.get());
        }
        return last();
    }

    void put(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer room = room();
            int piece = Math.min(room.remaining(), bytes.remaining());
            room.put(room.position(), bytes, bytes.position(), piece);
            room.position(room.position() + piece);
            bytes.position(bytes.position() + piece);
        }
    }

    void put(byte[] bytes) {
        put(ByteBuffer.wrap(bytes));
    }

    /** The least significant byte first. */
    void putIntLittleEndian(int value) {
        put(number.clear().putInt(value).flip());
    }

    /** The most significant byte first. */
    void putInt(int value) {
        putIntLittleEndian(Integer.reverseBytes(value));
    }

    /** What was fetched so far, to be given back if the result is not wanted. */
    public List<ByteBuffer> chunks() {
        return chunks;
    }

    /** Ends the writing. Each chunk is readable from its beginning, the first one with the reserved bytes. */
    public List<ByteBuffer> finish() {
        chunks.forEach(ByteBuffer::flip);
        return chunks;
    }

    private ByteBuffer last() {
        return chunks.get(chunks.size() - 1);
    }
}
