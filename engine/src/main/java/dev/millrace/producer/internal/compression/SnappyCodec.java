package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.xerial.snappy.Snappy;

/**
 * Snappy blocks in the framing of the xerial library, which is what Kafka means by snappy: a magic, two version numbers,
 * then each block behind its length. There is no mark at the end.
 */
final class SnappyCodec extends Codec {

    private static final int PICOS_PER_BYTE = 3_000;
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int VERSION = 1;
    private static final int MAX_GROWTH = 32; // three bytes copy up to 64
    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

    SnappyCodec() {
        super(Compression.SNAPPY, PICOS_PER_BYTE);
    }

    @Override
    Work newWork() {
        return new BlockWork();
    }

    static void decompress(ByteBuffer in, BoundedOutput out) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        if (in.remaining() < MAGIC.length + 2 * Integer.BYTES) {
            throw new DecompressionException("snappy data of " + in.remaining() + " B has no header");
        }
        in.get(magic);
        int version = in.getInt();
        int compatibleVersion = in.getInt();
        if (!Arrays.equals(magic, MAGIC) || version < VERSION || compatibleVersion > VERSION) {
            throw new DecompressionException("snappy data has not the header of the xerial framing, version 1");
        }
        while (in.hasRemaining()) {
            if (in.remaining() < Integer.BYTES) {
                throw new DecompressionException("snappy data ends in the length of a block");
            }
            int length = in.getInt();
            if (length <= 0 || length > in.remaining()) {
                throw new DecompressionException(
                        "snappy block of " + length + " B where " + in.remaining() + " B are left");
            }
            byte[] block = new byte[length];
            in.get(block);
            // asked before anything is allocated for it, and before native code writes by it
            int plainLength = Snappy.uncompressedLength(block, 0, length);
            if (plainLength > (long) length * MAX_GROWTH || !Snappy.isValidCompressedBuffer(block, 0, length)) {
                throw new DecompressionException("snappy block of " + length + " B is damaged");
            }
            out.reserve(plainLength);
            out.wrote(Snappy.uncompress(block, 0, length, out.array(), out.size()));
        }
    }

    private static final class BlockWork implements Work {
        private final BlockInput input = new BlockInput(BLOCK_BYTES);
        private final ByteBuffer compressed = ByteBuffer.allocateDirect(Snappy.maxCompressedLength(BLOCK_BYTES));

        @Override
        public boolean compress(List<ByteBuffer> in, int bytes, ChunkOutput out) {
            out.put(MAGIC);
            out.putInt(VERSION);
            out.putInt(VERSION);
            input.start(in);
            try {
                for (ByteBuffer block = input.nextBlock(); block.hasRemaining(); block = input.nextBlock()) {
                    compressed.clear();
                    int size = Snappy.compress(block, compressed);
                    out.putInt(size);
                    out.put(compressed.position(0).limit(size));
                    if (out.isPastLimit()) {
                        return false;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        }
    }
}
