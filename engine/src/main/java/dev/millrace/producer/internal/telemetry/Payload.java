package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.config.Compression;
import java.nio.ByteBuffer;
import java.util.List;

/** The bytes of a push, and how they are compressed. */
final class Payload {

    private final Compression compression;
    private final byte[] bytes;

    Payload(Compression compression, byte[] bytes) {
        this.compression = compression;
        this.bytes = bytes;
    }

    static Payload of(Compression compression, List<ByteBuffer> pieces, int sizeBytes) {
        ByteBuffer joined = ByteBuffer.allocate(sizeBytes);
        pieces.forEach(joined::put);
        return new Payload(compression, joined.array());
    }

    Compression compression() {
        return compression;
    }

    /** Not copied. */
    byte[] bytes() {
        return bytes;
    }
}
