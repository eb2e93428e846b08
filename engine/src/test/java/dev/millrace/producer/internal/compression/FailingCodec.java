package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes a little and then throws. */
public final class FailingCodec extends Codec {

    private final Throwable failure;

    /** What it throws must be unchecked. */
    public FailingCodec(Throwable failure) {
        super(Compression.GZIP, 30_000);
        this.failure = failure;
    }

    @Override
    Work newWork() {
        return this::compress;
    }

    private boolean compress(List<ByteBuffer> in, int bytes, ChunkOutput out) {
        out.put(new byte[5_000]);
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
