package dev.millrace.producer.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one frame in Kafka's primitive encodings. The same calls give the classic form or the compact one (KIP-482),
 * as chosen at construction. Record batches are not copied: they become segments of the frame.
 *
 * <p>For one thread, for one frame.
 */
public final class WireWriter {

    private static final int INITIAL_BYTES = 256;

    private final List<ByteBuffer> segments = new ArrayList<>(4);
    private ByteBuffer current = ByteBuffer.allocate(INITIAL_BYTES);
    private int segmentStart;
    private boolean flexible;

    /** A writer of the classic form, until {@link #setFlexible} says otherwise. */
    public WireWriter() {}

    /** From here on lengths are compact and structs end in a tagged section, or not. */
    public void setFlexible(boolean flexible) {
        this.flexible = flexible;
    }

    /** One byte, 0 or 1. */
    public void writeBoolean(boolean value) {
        writeInt8((byte) (value ? 1 : 0));
    }

    /** One byte. */
    public void writeInt8(byte value) {
        ensure(Byte.BYTES).put(value);
    }

    /** Two bytes, big-endian like all fixed-length integers. */
    public void writeInt16(short value) {
        ensure(Short.BYTES).putShort(value);
    }

    /** Four bytes. */
    public void writeInt32(int value) {
        ensure(Integer.BYTES).putInt(value);
    }

    /** Eight bytes. */
    public void writeInt64(long value) {
        ensure(Long.BYTES).putLong(value);
    }

    /** Sixteen bytes, the high half first. */
    public void writeUuid(UUID value) {
        writeInt64(value.getMostSignificantBits());
        writeInt64(value.getLeastSignificantBits());
    }

    /** Base 128, low bits first, at most five bytes. */
    public void writeUnsignedVarint(int value) {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            current.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        current.put((byte) rest);
    }

    /** A string that is never null. */
    public void writeString(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        if (flexible) {
            writeUnsignedVarint(utf8.length + 1);
        } else {
            writeInt16(shortLength(utf8.length));
        }
        ensure(utf8.length).put(utf8);
    }

    /** A string or null. */
    public void writeNullableString(@Nullable String value) {
        if (value != null) {
            writeString(value);
        } else if (flexible) {
            writeUnsignedVarint(0);
        } else {
            writeInt16((short) -1);
        }
    }

    /** Bytes that are never null. */
    public void writeBytes(byte[] value) {
        writeBytesLength(value.length);
        ensure(value.length).put(value);
    }

    /** How many elements an array has; the elements follow. */
    public void writeArrayLength(int count) {
        writeBytesLength(count);
    }

    /** An array that is null. */
    public void writeNullArray() {
        if (flexible) {
            writeUnsignedVarint(0);
        } else {
            writeInt32(-1);
        }
    }

    /** An array of structs. */
    public <T> void writeArray(List<T> elements, Consumer<T> element) {
        writeArrayLength(elements.size());
        for (T each : elements) {
            element.accept(each);
        }
    }

    /** An array of int32. */
    public void writeInt32Array(int[] values) {
        writeArrayLength(values.length);
        for (int value : values) {
            writeInt32(value);
        }
    }

    /**
     * A record batch, without copying it.
     *
     * @param batch the batch's pieces in order, each from position to limit; borrowed until the frame is written. The
     *     frame has its own views of them, so that their positions stay for a retry
     * @param sizeBytes the sum of their remaining bytes
     */
    public void writeRecords(List<ByteBuffer> batch, int sizeBytes) {
        writeBytesLength(sizeBytes);
        cutSegment();
        int unaccounted = sizeBytes;
        for (ByteBuffer piece : batch) {
            segments.add(piece.duplicate());
            unaccounted -= piece.remaining();
        }
        if (unaccounted != 0) {
            throw new IllegalArgumentException("batch is not of the size it claims: claimed=" + sizeBytes + " B actual="
                    + (sizeBytes - unaccounted) + " B");
        }
    }

    /** Ends a struct: an empty tagged section in the compact form, nothing in the classic one. */
    public void endStruct() {
        if (flexible) {
            writeUnsignedVarint(0);
        }
    }

    /** Ends a struct with tagged fields; they must be in ascending order of tag. Nothing in the classic form. */
    public void endStruct(List<TaggedField> fields) {
        if (!flexible) {
            return;
        }
        writeUnsignedVarint(fields.size());
        for (TaggedField field : fields) {
            WireWriter content = new WireWriter();
            content.setFlexible(true);
            field.content().accept(content);
            writeUnsignedVarint(field.tag());
            writeUnsignedVarint(content.sizeBytes());
            content.copyTo(this);
        }
    }

    /**
     * An optional field of a struct (KIP-482).
     *
     * @param tag its number
     * @param content writes its value
     */
    public record TaggedField(int tag, Consumer<WireWriter> content) {}

    /** The frame with its size in front, as segments in order. The writer is of no further use. */
    public List<ByteBuffer> toFrame() {
        ByteBuffer prefix =
                ByteBuffer.allocate(Integer.BYTES).putInt(sizeBytes()).flip();
        List<ByteBuffer> frame = new ArrayList<>(segments.size() + 1);
        frame.add(prefix);
        frame.addAll(segments);
        return frame;
    }

    private int sizeBytes() {
        cutSegment();
        int size = 0;
        for (ByteBuffer segment : segments) {
            size = Math.addExact(size, segment.remaining());
        }
        return size;
    }

    private void copyTo(WireWriter target) {
        for (ByteBuffer segment : segments) {
            target.ensure(segment.remaining()).put(segment.duplicate());
        }
    }

    private void writeBytesLength(int length) {
        if (flexible) {
            writeUnsignedVarint(length + 1);
        } else {
            writeInt32(length);
        }
    }

    private void cutSegment() {
        if (current.position() > segmentStart) {
            segments.add(current.slice(segmentStart, current.position() - segmentStart));
            segmentStart = current.position();
        }
    }

    private ByteBuffer ensure(int bytes) {
        if (current.remaining() < bytes) {
            // segments cut so far keep the old array; what is not cut yet moves to the new one
            byte[] old = current.array();
            int pending = current.position() - segmentStart;
            int capacity = Math.max(old.length * 2, pending + bytes);
            byte[] grown = Arrays.copyOfRange(old, segmentStart, segmentStart + capacity);
            current = ByteBuffer.wrap(grown).position(pending);
            segmentStart = 0;
        }
        return current;
    }

    private static short shortLength(int length) {
        if (length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "string too long for the protocol: " + length + " B, at most " + Short.MAX_VALUE + " B");
        }
        return (short) length;
    }
}
