package dev.millrace.producer.internal.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Writes a message in the encoding of Protocol Buffers, as far as metrics need it. Fields go in the order of the calls. */
final class ProtobufWriter {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void writeInt(int field, int value) {
        writeTag(field, VARINT);
        writeVarint(value);
    }

    void writeBoolean(int field, boolean value) {
        writeInt(field, value ? 1 : 0);
    }

    void writeFixed64(int field, long value) {
        writeTag(field, FIXED64);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
    }

    void writeDouble(int field, double value) {
        writeFixed64(field, Double.doubleToRawLongBits(value));
    }

    void writeString(int field, String value) {
        writeBytes(field, value.getBytes(UTF_8));
    }

    /** A message within this one. */
    void writeMessage(int field, Consumer<ProtobufWriter> content) {
        ProtobufWriter inner = new ProtobufWriter();
        content.accept(inner);
        writeBytes(field, inner.toByteArray());
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    private void writeBytes(int field, byte[] bytes) {
        writeTag(field, LENGTH_DELIMITED);
        writeVarint(bytes.length);
        out.writeBytes(bytes);
    }

    private void writeTag(int field, int wireType) {
        writeVarint((field << 3) | wireType);
    }

    private void writeVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
