package dev.millrace.producer.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads Kafka's primitive encodings, the mirror of {@link WireWriter}. Every length is checked against the bytes that
 * are there before anything is allocated for it.
 *
 * <p>For one thread, for one frame. Every method throws {@link MalformedResponseException} on bytes that do not follow
 * the protocol.
 */
public final class WireReader {

    /** What is kept of words for people; a broker that has more to say has said enough. */
    static final int MAX_MESSAGE_BYTES = 1024;

    private static final int LAST_VARINT_SHIFT = 28;
    private static final int LAST_VARINT_BITS = 0x0f;

    private final ByteBuffer in;
    private boolean flexible;

    /** Reads from the buffer's position to its limit; borrows it. */
    public WireReader(ByteBuffer in) {
        this.in = in;
    }

    /** From here on lengths are compact and structs end in a tagged section, or not. */
    public void setFlexible(boolean flexible) {
        this.flexible = flexible;
    }

    /** Bytes not yet read. */
    public int remaining() {
        return in.remaining();
    }

    /** One byte; anything but 0 is true. */
    public boolean readBoolean() {
        return readInt8() != 0;
    }

    /** One byte. */
    public byte readInt8() {
        try {
            return in.get();
        } catch (BufferUnderflowException e) {
            throw truncated(Byte.BYTES);
        }
    }

    /** Two bytes. */
    public short readInt16() {
        try {
            return in.getShort();
        } catch (BufferUnderflowException e) {
            throw truncated(Short.BYTES);
        }
    }

    /** Four bytes. */
    public int readInt32() {
        try {
            return in.getInt();
        } catch (BufferUnderflowException e) {
            throw truncated(Integer.BYTES);
        }
    }

    /** Eight bytes. */
    public long readInt64() {
        try {
            return in.getLong();
        } catch (BufferUnderflowException e) {
            throw truncated(Long.BYTES);
        }
    }

    /** Sixteen bytes. */
    public UUID readUuid() {
        long high = readInt64();
        return new UUID(high, readInt64());
    }

    /** Base 128, at most five bytes and 32 bits. */
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift <= LAST_VARINT_SHIFT; shift += 7) {
            byte next = readInt8();
            if (shift == LAST_VARINT_SHIFT && (next & ~LAST_VARINT_BITS) != 0) {
                break;
            }
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedResponseException("varint longer than 32 bits at byte " + in.position());
    }

    /** A string that must not be null. */
    public String readString() {
        String value = readNullableString();
        if (value == null) {
            throw new MalformedResponseException("null string where one is required at byte " + in.position());
        }
        return value;
    }

    /** A string or null. */
    public @Nullable String readNullableString() {
        int length = readStringLength();
        if (length <= 0) {
            return textOfNothing(length);
        }
        return new String(take(length), UTF_8);
    }

    /**
     * A string or null that is only meant for people. It ends up in log lines and exceptions, so no more than
     * {@value #MAX_MESSAGE_BYTES} B are kept of it, and control characters, with which lines can be forged, become spaces.
     */
    public @Nullable String readNullableMessage() {
        int length = readStringLength();
        if (length <= 0) {
            return textOfNothing(length);
        }
        check(length, 1);
        int end = in.position() + length;
        String message = new String(take(Math.min(length, MAX_MESSAGE_BYTES)), UTF_8);
        in.position(end);
        return withoutControls(message);
    }

    /** Bytes that must not be null. */
    public byte[] readBytes() {
        int length = flexible ? readUnsignedVarint() - 1 : readInt32();
        return take(length);
    }

    /** A view of a record batch, null if the field is null. Valid as long as the frame. */
    public @Nullable ByteBuffer readNullableRecords() {
        int length = flexible ? readUnsignedVarint() - 1 : readInt32();
        if (length == -1) {
            return null;
        }
        check(length, 1);
        ByteBuffer view = in.slice(in.position(), length);
        in.position(in.position() + length);
        return view;
    }

    /**
     * How many elements an array has, at least 0.
     *
     * @param minElementBytes the fewest bytes an element takes; a count that cannot fit in the frame is refused
     */
    public int readArrayLength(int minElementBytes) {
        int count = readNullableArrayLength(minElementBytes);
        if (count == -1) {
            throw new MalformedResponseException("null array where one is required at byte " + in.position());
        }
        return count;
    }

    /** As {@link #readArrayLength}, with -1 for null. */
    public int readNullableArrayLength(int minElementBytes) {
        int count = flexible ? readUnsignedVarint() - 1 : readInt32();
        if (count != -1) {
            check(count, minElementBytes);
        }
        return count;
    }

    /**
     * An array of structs that must not be null.
     *
     * @param minElementBytes as for {@link #readArrayLength}
     */
    public <T> List<T> readArray(int minElementBytes, Supplier<T> element) {
        int count = readArrayLength(minElementBytes);
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(element.get());
        }
        return elements;
    }

    /** An array of int32. */
    public int[] readInt32Array() {
        int[] values = new int[readArrayLength(Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = readInt32();
        }
        return values;
    }

    /** Ends a struct of which no tagged field matters. */
    public void endStruct() {
        endStruct((tag, field) -> {});
    }

    /** Ends a struct; the fields with known tags are read by the given reader, the others skipped. */
    public void endStruct(TaggedFields fields) {
        if (!flexible) {
            return;
        }
        int count = readUnsignedVarint();
        check(count, 2);
        int limit = in.limit();
        for (int i = 0; i < count; i++) {
            int tag = readUnsignedVarint();
            int size = readUnsignedVarint();
            check(size, 1);
            int end = in.position() + size;
            in.limit(end); // and no reader for each: a field takes two bytes, and there may be millions
            fields.read(tag, this);
            in.limit(limit).position(end);
        }
    }

    /** Ends the frame: no field may be left. Bytes that nobody asked for mean that both sides disagree on the layout. */
    public void endFrame() {
        if (in.hasRemaining()) {
            throw new MalformedResponseException(
                    in.remaining() + " B left behind the last field at byte " + in.position());
        }
    }

    /** Reads the tagged fields a message knows. */
    @FunctionalInterface
    public interface TaggedFields {

        /** One field, at whose end the reader ends during the call; what is left unread of it is skipped. */
        void read(int tag, WireReader field);
    }

    private int readStringLength() {
        return flexible ? readUnsignedVarint() - 1 : readInt16();
    }

    /** Allocates nothing: an array of empty strings has many in few bytes. */
    private @Nullable String textOfNothing(int length) {
        if (length == -1) {
            return null;
        }
        check(length, 1);
        return "";
    }

    /** Allocates little: an array of short strings has many in few bytes. */
    private static String withoutControls(String text) {
        char[] cleaned = null;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                cleaned = cleaned == null ? text.toCharArray() : cleaned;
                cleaned[i] = ' ';
            }
        }
        return cleaned == null ? text : new String(cleaned);
    }

    private byte[] take(int length) {
        check(length, 1);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private void check(int count, int bytesEach) {
        if (count < 0 || (long) count * bytesEach > in.remaining()) {
            throw new MalformedResponseException("length " + count + " at byte " + in.position() + " exceeds the "
                    + in.remaining() + " B left in the frame");
        }
    }

    private MalformedResponseException truncated(int wanted) {
        return new MalformedResponseException(
                "frame ends at byte " + in.limit() + ": " + wanted + " B wanted, " + in.remaining() + " B left");
    }
}
