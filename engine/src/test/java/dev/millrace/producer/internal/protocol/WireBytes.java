package dev.millrace.producer.internal.protocol;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** Bytes as hex and back. White space in hex separates fields and means nothing. */
public final class WireBytes {

    private WireBytes() {}

    /** The bytes of a hex text. */
    public static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    /** A buffer over the bytes of a hex text. */
    public static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(bytes(hex));
    }

    /** The hex text of bytes. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The hex text of segments. */
    public static String hex(List<ByteBuffer> segments) {
        return hex(join(segments));
    }

    /** The bytes of segments, whose positions stay. */
    public static byte[] join(List<ByteBuffer> segments) {
        int size = segments.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer joined = ByteBuffer.allocate(size);
        for (ByteBuffer segment : segments) {
            joined.put(segment.duplicate());
        }
        return joined.array();
    }

    /** A frame behind its size, which is checked. */
    public static ByteBuffer withoutSize(List<ByteBuffer> frame) {
        ByteBuffer joined = ByteBuffer.wrap(join(frame));
        int size = joined.getInt();
        if (size != joined.remaining()) {
            throw new AssertionError("frame says " + size + " B and has " + joined.remaining() + " B");
        }
        return joined;
    }
}
