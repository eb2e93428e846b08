package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The LZ4 frame format, version 1, as Kafka reads it: independent blocks, each behind its length, then an empty one.
 *
 * <pre>
 * int32 LE magic | FLG | BD | HC | [content size, 8 B] | blocks | int32 0 | [content checksum, 4 B]
 * block = int32 LE length, highest bit set if stored as is | bytes | [checksum, 4 B]
 * HC    = second byte of xxHash32 of what stands between magic and HC (KAFKA-3160)
 * </pre>
 */
final class Lz4Codec extends Codec {

    /** At this level, the default, works the fast compressor; at all others the thorough one. */
    static final int FAST_LEVEL = 9;

    private static final int FAST_PICOS_PER_BYTE = 2_500;
    private static final int THOROUGH_PICOS_PER_BYTE = 40_000;
    private static final int MAGIC = 0x184D2204;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int STORED = 1 << 31;
    private static final byte[] DESCRIPTOR = {0x60, 0x40, (byte) 0x82}; // version 1, independent; 64 KiB; HC

    private static final int VERSION_MASK = 0xc0;
    private static final int VERSION_1 = 0x40;
    private static final int INDEPENDENT_BIT = 0x20;
    private static final int BLOCK_CHECKSUM_BIT = 0x10;
    private static final int CONTENT_SIZE_BIT = 0x08;
    private static final int CONTENT_CHECKSUM_BIT = 0x04;
    private static final int RESERVED_FLG_BITS = 0x03;
    private static final int RESERVED_BD_BITS = 0x8f;
    private static final int SMALLEST_BLOCK_CODE = 4;
    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final int MAX_GROWTH = 256; // a byte that lengthens a copy adds up to 255

    private final LZ4Compressor compressor;

    /** Levels 1 to 17. */
    Lz4Codec(int level) {
        super(Compression.LZ4, level == FAST_LEVEL ? FAST_PICOS_PER_BYTE : THOROUGH_PICOS_PER_BYTE);
        LZ4Factory factory = LZ4Factory.fastestInstance();
        compressor = level == FAST_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
    }

    @Override
    Work newWork() {
        return new BlockWork(compressor);
    }

    static void decompress(ByteBuffer source, BoundedOutput out) {
        ByteBuffer in = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        source.position(source.limit());
        try {
            new Frame(in, out).read();
        } catch (LZ4Exception e) {
            throw new DecompressionException("lz4 block is damaged: " + e.getMessage(), e);
        }
    }

    private static final class BlockWork implements Work {
        private final LZ4Compressor compressor;
        private final BlockInput input = new BlockInput(BLOCK_BYTES);
        private final ByteBuffer compressed;

        BlockWork(LZ4Compressor compressor) {
            this.compressor = compressor;
            compressed = ByteBuffer.allocateDirect(compressor.maxCompressedLength(BLOCK_BYTES));
        }

        @Override
        public boolean compress(List<ByteBuffer> in, int bytes, ChunkOutput out) {
            out.putIntLittleEndian(MAGIC);
            out.put(DESCRIPTOR);
            input.start(in);
            for (ByteBuffer block = input.nextBlock(); block.hasRemaining(); block = input.nextBlock()) {
                int length = block.remaining();
                int size = compressor.compress(block, 0, length, compressed, 0, compressed.capacity());
                if (size >= length) {
                    out.putIntLittleEndian(length | STORED);
                    out.put(block);
                } else {
                    out.putIntLittleEndian(size);
                    out.put(compressed.clear().limit(size));
                }
                if (out.isPastLimit()) {
                    return false;
                }
            }
            out.putIntLittleEndian(0);
            return true;
        }
    }

    /** Reads one frame. */
    private static final class Frame {
        private final ByteBuffer in;
        private final BoundedOutput out;
        private final XXHash32 hash = XXHashFactory.fastestInstance().hash32();
        private byte[] plain = {}; // one for all blocks, as large as the largest may become

        Frame(ByteBuffer in, BoundedOutput out) {
            this.in = in;
            this.out = out;
        }

        void read() {
            need(Integer.BYTES + DESCRIPTOR.length);
            if (in.getInt() != MAGIC) {
                throw new DecompressionException("lz4 data has not the magic of a frame");
            }
            int start = in.position();
            int flags = in.get() & 0xff;
            int blockByte = in.get() & 0xff;
            int blockCode = blockByte >>> 4;
            if ((flags & VERSION_MASK) != VERSION_1
                    || (flags & INDEPENDENT_BIT) == 0
                    || (flags & RESERVED_FLG_BITS) != 0
                    || (blockByte & RESERVED_BD_BITS) != 0
                    || blockCode < SMALLEST_BLOCK_CODE) {
                throw new DecompressionException("lz4 frame is not of version 1 with independent blocks: flg="
                        + Integer.toHexString(flags) + " bd=" + Integer.toHexString(blockByte));
            }
            long contentBytes = -1;
            if ((flags & CONTENT_SIZE_BIT) != 0) {
                need(Long.BYTES + 1);
                contentBytes = in.getLong();
            }
            checkHeader(start);
            readBlocks(1 << (2 * blockCode + 8), (flags & BLOCK_CHECKSUM_BIT) != 0);
            if ((flags & CONTENT_CHECKSUM_BIT) != 0) {
                need(CHECKSUM_BYTES);
                check(hash.hash(out.array(), 0, out.size(), 0), "content");
            }
            if (contentBytes >= 0 && contentBytes != out.size()) {
                throw new DecompressionException("lz4 frame of " + contentBytes + " B has become " + out.size() + " B");
            }
            if (in.hasRemaining()) {
                throw new DecompressionException(in.remaining() + " B left behind an lz4 frame");
            }
        }

        private void checkHeader(int start) {
            int covered = in.position() - start;
            int expected = (hash.hash(in, start, covered, 0) >>> 8) & 0xff;
            int found = in.get() & 0xff;
            if (found != expected) {
                throw new DecompressionException("lz4 header checksum is " + found + " instead of " + expected);
            }
        }

        private void readBlocks(int maxBlockBytes, boolean checksums) {
            while (true) {
                need(Integer.BYTES);
                int head = in.getInt();
                if (head == 0) {
                    return;
                }
                int length = head & ~STORED;
                if (length > maxBlockBytes) {
                    throw new DecompressionException(
                            "lz4 block of " + length + " B in a frame of " + maxBlockBytes + " B blocks");
                }
                need(length);
                byte[] block = new byte[length];
                in.get(block);
                if (checksums) {
                    need(CHECKSUM_BYTES);
                    check(hash.hash(block, 0, length, 0), "block");
                }
                append(block, (head & STORED) != 0, maxBlockBytes);
            }
        }

        private void append(byte[] block, boolean stored, int maxBlockBytes) {
            if (stored) {
                out.reserve(block.length);
                System.arraycopy(block, 0, out.array(), out.size(), block.length);
                out.wrote(block.length);
                return;
            }
            int mostBytes = (int) Math.min(maxBlockBytes, (long) block.length * MAX_GROWTH);
            if (plain.length < mostBytes) {
                plain = new byte[mostBytes];
            }
            int size = LZ4Factory.fastestInstance()
                    .safeDecompressor()
                    .decompress(block, 0, block.length, plain, 0, mostBytes);
            out.reserve(size);
            System.arraycopy(plain, 0, out.array(), out.size(), size);
            out.wrote(size);
        }

        private void check(int computed, String what) {
            int stored = in.getInt();
            if (computed != stored) {
                throw new DecompressionException("lz4 " + what + " checksum is " + Integer.toHexString(stored)
                        + " instead of " + Integer.toHexString(computed));
            }
        }

        private void need(int bytes) {
            if (in.remaining() < bytes) {
                throw new DecompressionException(
                        "lz4 data ends early: " + bytes + " B wanted, " + in.remaining() + " B left");
            }
        }
    }
}
