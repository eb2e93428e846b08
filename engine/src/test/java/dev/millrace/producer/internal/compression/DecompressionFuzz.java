package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.protocol.AllocatedBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The containers of all codecs: decompressed or refused, never larger than allowed, and without heap for what they only
 * promise. The first byte of an input chooses the codec.
 */
public final class DecompressionFuzz {

    private static final int MAX_PLAIN_BYTES = 1 << 20;
    private static final int ALLOCATED_IN_ANY_CASE = 1 << 20; // work memory of the codecs
    private static final int COPIES = 3; // while a result is doubled
    private static final long DEFLATE_GROWTH = 1032; // what it can make of a byte; the others make less, but for one
    private static final long ZSTD_GROWTH = 1 << 15; // a block of 128 KiB that repeats a byte is 4 bytes long

    private static final List<Compression> TYPES = List.of(Compression.values());

    private DecompressionFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Compression type = TYPES.get((data[0] & 0xff) % TYPES.size());
        long growth = type == Compression.ZSTD ? ZSTD_GROWTH : DEFLATE_GROWTH;
        long bound = ALLOCATED_IN_ANY_CASE + COPIES * Math.min(MAX_PLAIN_BYTES, growth * data.length);
        long allocated =
                AllocatedBytes.ofEither(bound, () -> decompress(type, ByteBuffer.wrap(data, 1, data.length - 1)));
        if (allocated > bound) {
            throw new IllegalStateException(type + " allocates " + allocated + " B for " + data.length + " B");
        }
    }

    private static void decompress(Compression type, ByteBuffer in) {
        try {
            ByteBuffer plain = Decompression.decompress(type, in, MAX_PLAIN_BYTES);
            if (plain.remaining() > MAX_PLAIN_BYTES) {
                throw new IllegalStateException(type + " becomes " + plain.remaining() + " B");
            }
        } catch (DecompressionException expected) {
            return;
        }
    }
}
