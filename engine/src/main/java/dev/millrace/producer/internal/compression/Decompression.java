package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What every codec wrote, back into plain bytes. For splits, reports and tests; the way of a record needs none of it. */
public final class Decompression {

    private Decompression() {}

    /**
     * Decompresses what was compressed with the codec of this number.
     *
     * @throws DecompressionException also if no codec has the number
     */
    public static ByteBuffer decompress(int id, ByteBuffer in, int maxBytes) {
        for (Compression type : Compression.values()) {
            if (type.id() == id) {
                return decompress(type, in, maxBytes);
            }
        }
        throw new DecompressionException("no codec has the number " + id);
    }

    /**
     * Decompresses.
     *
     * @param in all of the compressed bytes from position to limit; borrowed
     * @param maxBytes the most the result may have
     * @return the plain bytes, with memory of their own
     * @throws DecompressionException if the input is not what the codec writes, or becomes too large
     * @throws CodecMissingException if the codec's library is missing
     */
    public static ByteBuffer decompress(Compression type, ByteBuffer in, int maxBytes) {
        BoundedOutput out = new BoundedOutput(maxBytes);
        try {
            decompress(type, in.duplicate(), out);
        } catch (IOException e) {
            throw new DecompressionException(type + " data is damaged: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new CodecMissingException(type, e);
        }
        return out.result();
    }

    private static void decompress(Compression type, ByteBuffer in, BoundedOutput out) throws IOException {
        switch (type) {
            case GZIP -> GzipCodec.decompress(in, out);
            case SNAPPY -> SnappyCodec.decompress(in, out);
            case LZ4 -> Lz4Codec.decompress(in, out);
            case ZSTD -> ZstdCodec.decompress(in, out);
            default -> {
                out.reserve(in.remaining());
                int size = in.remaining();
                in.get(out.array(), 0, size);
                out.wrote(size);
            }
        }
    }
}
