package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;

/** One gzip member (RFC 1952) by the JDK's zlib, from chunk to chunk without a copy. */
final class GzipCodec extends Codec {

    private static final int FASTEST_LEVELS = 3;
    private static final int FAST_PICOS_PER_BYTE = 12_000;
    private static final int PICOS_PER_BYTE = 30_000;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff
    }; // deflate, no flags, no time, unknown operating system

    private final int level;

    /** Levels 1 to 9, -1 for zlib's default. */
    GzipCodec(int level) {
        super(Compression.GZIP, level > 0 && level <= FASTEST_LEVELS ? FAST_PICOS_PER_BYTE : PICOS_PER_BYTE);
        this.level = level;
    }

    @Override
    Work newWork() {
        return new DeflaterWork(new Deflater(level, true));
    }

    static void decompress(ByteBuffer in, BoundedOutput out) throws IOException {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            out.readAll(stream);
        }
    }

    private static final class DeflaterWork implements Work {
        private final Deflater deflater;
        private final CRC32 crc = new CRC32();

        DeflaterWork(Deflater deflater) {
            this.deflater = deflater;
        }

        @Override
        public boolean compress(List<ByteBuffer> in, int bytes, ChunkOutput out) {
            deflater.reset();
            crc.reset();
            out.put(HEADER);
            for (ByteBuffer chunk : in) {
                crc.update(chunk.duplicate());
                deflater.setInput(chunk);
                while (!deflater.needsInput()) {
                    deflater.deflate(out.room());
                    if (out.isPastLimit()) {
                        return false;
                    }
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                deflater.deflate(out.room());
            }
            out.putIntLittleEndian((int) crc.getValue());
            out.putIntLittleEndian(bytes);
            return true;
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
