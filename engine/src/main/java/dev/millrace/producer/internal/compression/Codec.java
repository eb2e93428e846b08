package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Compresses the records of a batch in one shot. Any thread; each call has work memory to itself, which is kept for the
 * next one, so that there is as much of it as there are threads that compress at once.
 */
public abstract class Codec implements AutoCloseable {

    /** Leaves everything as it is. */
    public static final Codec NONE = new Codec(Compression.NONE, 0) {
        @Override
        Work newWork() {
            return (in, bytes, out) -> false;
        }
    };

    private final Compression type;
    private final int picosPerByte;
    private final Deque<Work> idle = new ConcurrentLinkedDeque<>();

    Codec(Compression type, int picosPerByte) {
        this.type = type;
        this.picosPerByte = picosPerByte;
    }

    /** Work memory for one compression at a time. */
    interface Work extends AutoCloseable {

        /**
         * Compresses.
         *
         * @param in all of the input, direct; positions are moved
         * @param bytes how much that is
         * @return false if it stopped because the output is past its limit
         */
        boolean compress(List<ByteBuffer> in, int bytes, ChunkOutput out);

        @Override
        default void close() {
            // most of it is collected
        }
    }

    /** Which one it is. */
    public Compression type() {
        return type;
    }

    /** About how long it takes for this many bytes; by the class of the codec, not measured. */
    public long costNanos(int bytes) {
        return (long) bytes * picosPerByte / 1_000;
    }

    /**
     * Compresses.
     *
     * @param in the input from position to limit of each, direct; borrowed, positions are moved
     * @return false if the output grew past its limit, and is of no use
     */
    public boolean compress(List<ByteBuffer> in, ChunkOutput out) {
        int bytes = 0;
        for (ByteBuffer each : in) {
            bytes = Math.addExact(bytes, each.remaining());
        }
        Work work = takeWork();
        boolean sound = false;
        try {
            boolean complete = work.compress(in, bytes, out) && !out.isPastLimit();
            sound = true;
            return complete;
        } finally {
            if (sound) {
                idle.push(work); // used last, taken first: its memory is still in the processor's cache
            } else {
                work.close();
            }
        }
    }

    /** Gives work memory back. Only when nobody compresses any more. */
    @Override
    public void close() {
        for (Work work = idle.poll(); work != null; work = idle.poll()) {
            work.close();
        }
    }

    abstract Work newWork();

    private Work takeWork() {
        Work work = idle.poll();
        return work == null ? newWork() : work;
    }
}
