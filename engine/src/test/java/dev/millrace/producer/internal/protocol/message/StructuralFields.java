package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.WireBytes;
import dev.millrace.producer.internal.protocol.message.GoldenResponses.Golden;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The lengths, counts and sizes of tagged fields in a response, found by trying: a number is one of them if the frame cannot
 * be read any more when it is off by one.
 */
final class StructuralFields {

    private static final int CORRELATION_ID_BYTES = Integer.BYTES;
    private static final int MAX_ONE_BYTE_VARINT = 0x7f;

    private final Golden golden;
    private final byte[] whole;

    StructuralFields(Golden golden) {
        this.golden = golden;
        this.whole = WireBytes.bytes(golden.hex());
    }

    /**
     * The frame with each of these fields replaced by each of the values.
     *
     * @param width bytes of a field
     * @param values in hex, of any length
     */
    List<byte[]> replacedBy(int width, List<String> values) {
        List<byte[]> frames = new ArrayList<>();
        for (int at = CORRELATION_ID_BYTES; at + width <= whole.length; at++) {
            if (isStructural(at, width)) {
                for (String value : values) {
                    frames.add(replaced(at, width, WireBytes.bytes(value)));
                }
            }
        }
        return frames;
    }

    private boolean isStructural(int at, int width) {
        int last = at + width - 1;
        if (width > 1) {
            return !isReadable(with(last, whole[last] + 1));
        }
        // the number of a known tag breaks the frame, too, but only if it becomes that of another known tag
        int value = whole[last] & 0xff;
        return value < MAX_ONE_BYTE_VARINT
                && !isReadable(with(last, value + 1))
                && (value == 0 || !isReadable(with(last, value - 1)));
    }

    private byte[] with(int at, int value) {
        byte[] changed = whole.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private boolean isReadable(byte[] frame) {
        try {
            decode(golden, frame);
            return true;
        } catch (MalformedResponseException e) {
            return false;
        }
    }

    private byte[] replaced(int at, int width, byte[] value) {
        return ByteBuffer.allocate(whole.length - width + value.length)
                .put(whole, 0, at)
                .put(value)
                .put(whole, at + width, whole.length - at - width)
                .array();
    }

    static void decode(Golden golden, byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        ResponseFrame.readCorrelationId(frame);
        ResponseFrame.decode(frame, golden.request(), (short) golden.version());
    }
}
