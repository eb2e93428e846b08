package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.protocol.WireBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * However a stream arrives in pieces, the same frames come out. The first byte of an input gives the size of the pieces, the
 * rest is the stream.
 */
public final class FrameDecoderFuzz {

    private FrameDecoderFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        int pieceBytes = 1 + (data[0] & 0x3f);
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        List<String> expected = framesOf(ByteBuffer.wrap(stream));
        try (DecodedStream decoded = new DecodedStream()) {
            for (int at = 0; at < stream.length; at += pieceBytes) {
                decoded.receive(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + pieceBytes)));
            }
            if (!decoded.frames().equals(expected)) {
                throw new IllegalStateException("not " + expected + " but " + decoded.frames());
            }
        }
    }

    private static List<String> framesOf(ByteBuffer stream) {
        List<String> frames = new ArrayList<>();
        while (stream.remaining() >= Integer.BYTES) {
            int size = stream.getInt();
            if (FrameSize.problemOf(size) != null || size > stream.remaining()) {
                return frames;
            }
            byte[] frame = new byte[size];
            stream.get(frame);
            frames.add(WireBytes.hex(frame));
        }
        return frames;
    }
}
