package dev.millrace.producer.internal.compression;

import java.nio.ByteBuffer;
import java.util.List;

/** Gathers chunks into blocks of one size, for codecs that need a block in one piece. */
final class BlockInput {

    private final ByteBuffer block;
    private List<ByteBuffer> chunks = List.of();
    private int next;

    BlockInput(int blockBytes) {
        block = ByteBuffer.allocateDirect(blockBytes);
    }

    void start(List<ByteBuffer> input) {
        chunks = input;
        next = 0;
    }

    /** The next block from position 0 to its limit, the last one shorter; empty at the end. */
    ByteBuffer nextBlock() {
        block.clear();
        while (next < chunks.size() && block.hasRemaining()) {
            ByteBuffer chunk = chunks.get(next);
            int piece = Math.min(block.remaining(), chunk.remaining());
            block.put(block.position(), chunk, chunk.position(), piece);
            block.position(block.position() + piece);
            chunk.position(chunk.position() + piece);
            if (!chunk.hasRemaining()) {
                next++;
            }
        }
        return block.flip();
    }
}
