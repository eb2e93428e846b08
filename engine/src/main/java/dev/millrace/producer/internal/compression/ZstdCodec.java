package dev.millrace.producer.internal.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.millrace.producer.config.Compression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One zstd frame, from chunk to chunk without a copy. The frame names the size of its content, so that tables and window
 * are no larger than the batch, here and where it is read.
 */
final class ZstdCodec extends Codec {

    private static final int FAST_PICOS_PER_BYTE = 5_000;
    private static final int PICOS_PER_BYTE = 25_000;
    private static final int THOROUGH_PICOS_PER_BYTE = 200_000;
    private static final int LAST_FAST_LEVEL = 4;
    private static final int LAST_MIDDLE_LEVEL = 12;

    private final int level;

    /** Levels -131072 to 22. */
    ZstdCodec(int level) {
        super(Compression.ZSTD, picosPerByte(level));
        this.level = level;
    }

    private static int picosPerByte(int level) {
        if (level <= LAST_FAST_LEVEL) {
            return FAST_PICOS_PER_BYTE;
        }
        return level <= LAST_MIDDLE_LEVEL ? PICOS_PER_BYTE : THOROUGH_PICOS_PER_BYTE;
    }

    @Override
    Work newWork() {
        return new ContextWork(new ZstdCompressCtx(), level);
    }

    static void decompress(ByteBuffer in, BoundedOutput out) throws IOException {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        if (bytes.length == 0) {
            throw new DecompressionException("zstd data is empty");
        }
        try (ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes))) {
            out.readAll(stream);
        }
    }

    private static final class ContextWork implements Work {
        private final ZstdCompressCtx context;
        private final int level;

        ContextWork(ZstdCompressCtx context, int level) {
            this.context = context;
            this.level = level;
        }

        @Override
        public boolean compress(List<ByteBuffer> in, int bytes, ChunkOutput out) {
            context.reset(); // also what an earlier run left unfinished
            context.setLevel(level);
            context.setPledgedSrcSize(bytes);
            for (ByteBuffer chunk : in) {
                while (chunk.hasRemaining()) {
                    var unused = context.compressDirectByteBufferStream(out.room(), chunk, EndDirective.CONTINUE);
                    if (out.isPastLimit()) {
                        return false;
                    }
                }
            }
            ByteBuffer nothing = ByteBuffer.allocateDirect(0);
            while (!context.compressDirectByteBufferStream(out.room(), nothing, EndDirective.END)) {
                if (out.isPastLimit()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
