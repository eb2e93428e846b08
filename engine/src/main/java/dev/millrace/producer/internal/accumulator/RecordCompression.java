package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.compression.ChunkOutput;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch's records through a codec, into chunks of the pool. A result that is not smaller is thrown away, and a codec
 * that fails is as good as one that saves nothing: a plain batch is legal wherever a compressed one is.
 */
final class RecordCompression {

    private final Codec codec;
    private final BufferPool pool;
    private @Nullable ChunkOutput output; // null unless it is of use
    private @Nullable Throwable failure;

    RecordCompression(Codec codec, BufferPool pool) {
        this.codec = codec;
        this.pool = pool;
    }

    /** Returns whether there is an output. The input's positions are moved. */
    @SuppressWarnings("CatchAndPrintStackTrace") // not what happens here: whoever runs this looks at the failure
    boolean compress(List<ByteBuffer> records, int plainBytes) {
        ChunkOutput attempt = new ChunkOutput(this::nextChunk, RecordBatchLayout.HEADER_BYTES, plainBytes - 1);
        try {
            if (codec.compress(records, attempt)) {
                output = attempt;
                return true;
            }
        } catch (Throwable e) { // a native library may throw anything, and none of it is the records' fault
            failure = e;
        }
        pool.give(attempt.chunks());
        return false;
    }

    boolean hasOutput() {
        return output != null;
    }

    ChunkOutput output() {
        if (output == null) {
            throw new IllegalStateException("nothing was compressed");
        }
        return output;
    }

    /** What the codec threw, null if it did not. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Gives the output's memory back. */
    void discard() {
        if (output != null) {
            pool.give(output.chunks());
            output = null;
        }
    }

    private ByteBuffer nextChunk() {
        List<ByteBuffer> taken = new ArrayList<>(1);
        pool.takeBeyondLimit(1, taken);
        return taken.get(0);
    }
}
