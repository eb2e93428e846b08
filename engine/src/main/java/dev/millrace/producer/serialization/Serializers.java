package dev.millrace.producer.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The built-in serializers. Their bytes are those of the serializers of the same type in kafka-clients, with the one
 * exception told at {@link #byteBuffer}. They have no state, so each is one shared object.
 */
public final class Serializers {

    private Serializers() {}

    /**
     * The serializer with this name, for configuration that is text; null if there is none.
     *
     * @param name one of {@link #names} ({@code byte-buffer} is {@code byteBuffer}), or the name of Kafka's class with
     *     the same bytes, with or without its package; that class is not loaded
     */
    public static @Nullable Serializer<?> named(String name) {
        return SerializerNames.find(name);
    }

    /** The names of the built-in serializers, which are the names of the methods here that return them. */
    public static List<String> names() {
        return SerializerNames.factories();
    }

    /** Text as UTF-8. */
    public static Serializer<String> string() {
        return StringSerializer.INSTANCE;
    }

    /** Bytes as they are, without a copy. */
    public static Serializer<byte[]> bytes() {
        return BytesSerializer.INSTANCE;
    }

    /**
     * The bytes between position and limit; neither of them moves. (kafka-clients flips a buffer that does not fill its
     * array, and so sends what is before the position.)
     */
    public static Serializer<ByteBuffer> byteBuffer() {
        return ByteBufferSerializer.INSTANCE;
    }

    /** Two bytes, big-endian. */
    public static Serializer<Short> shorts() {
        return ShortSerializer.INSTANCE;
    }

    /** Four bytes, big-endian. */
    public static Serializer<Integer> integers() {
        return IntegerSerializer.INSTANCE;
    }

    /** Eight bytes, big-endian. */
    public static Serializer<Long> longs() {
        return LongSerializer.INSTANCE;
    }

    /** IEEE 754 in four bytes, big-endian; the bits of a NaN are kept. */
    public static Serializer<Float> floats() {
        return FloatSerializer.INSTANCE;
    }

    /** IEEE 754 in eight bytes, big-endian; every NaN becomes {@code 0x7ff8000000000000}. */
    public static Serializer<Double> doubles() {
        return DoubleSerializer.INSTANCE;
    }

    /** The 36 characters of {@link UUID#toString}. */
    public static Serializer<UUID> uuid() {
        return UuidSerializer.INSTANCE;
    }

    /** Null, for records without key or without value. */
    public static Serializer<Void> voids() {
        return VoidSerializer.INSTANCE;
    }

    /** A serializer that writes into the scratch buffer; its array form is a copy of what it writes. */
    private abstract static class Writing<T> implements Serializer<T> {

        abstract void write(T data, PayloadBuffer out);

        @Override
        public byte @Nullable [] serialize(String topic, T data) {
            PayloadBuffer out = new PayloadBuffer();
            write(data, out);
            byte[] copy = new byte[out.length()];
            System.arraycopy(out.array(), out.offset(), copy, 0, copy.length);
            return copy;
        }

        @Override
        public void serializeTo(SerializationContext context, T data, PayloadBuffer out) {
            write(data, out);
        }
    }

    private static final class StringSerializer extends Writing<String> {

        static final StringSerializer INSTANCE = new StringSerializer();

        @Override
        public byte[] serialize(String topic, String data) {
            return data.getBytes(UTF_8);
        }

        @Override
        void write(String data, PayloadBuffer out) {
            out.putUtf8(data);
        }
    }

    private static final class BytesSerializer implements Serializer<byte[]> {

        static final BytesSerializer INSTANCE = new BytesSerializer();

        @Override
        public byte[] serialize(String topic, byte[] data) {
            return data;
        }
    }

    private static final class ByteBufferSerializer extends Writing<ByteBuffer> {

        static final ByteBufferSerializer INSTANCE = new ByteBufferSerializer();

        @Override
        void write(ByteBuffer data, PayloadBuffer out) {
            if (data.hasArray()) {
                out.wrap(data.array(), data.arrayOffset() + data.position(), data.remaining());
            } else {
                out.put(data);
            }
        }
    }

    private static final class ShortSerializer extends Writing<Short> {

        static final ShortSerializer INSTANCE = new ShortSerializer();

        @Override
        void write(Short data, PayloadBuffer out) {
            out.putShort(data);
        }
    }

    private static final class IntegerSerializer extends Writing<Integer> {

        static final IntegerSerializer INSTANCE = new IntegerSerializer();

        @Override
        void write(Integer data, PayloadBuffer out) {
            out.putInt(data);
        }
    }

    private static final class LongSerializer extends Writing<Long> {

        static final LongSerializer INSTANCE = new LongSerializer();

        @Override
        void write(Long data, PayloadBuffer out) {
            out.putLong(data);
        }
    }

    private static final class FloatSerializer extends Writing<Float> {

        static final FloatSerializer INSTANCE = new FloatSerializer();

        @Override
        void write(Float data, PayloadBuffer out) {
            out.putInt(Float.floatToRawIntBits(data));
        }
    }

    private static final class DoubleSerializer extends Writing<Double> {

        static final DoubleSerializer INSTANCE = new DoubleSerializer();

        @Override
        void write(Double data, PayloadBuffer out) {
            out.putLong(Double.doubleToLongBits(data));
        }
    }

    private static final class UuidSerializer extends Writing<UUID> {

        static final UuidSerializer INSTANCE = new UuidSerializer();

        @Override
        void write(UUID data, PayloadBuffer out) {
            out.putUtf8(data.toString());
        }
    }

    private static final class VoidSerializer implements Serializer<Void> {

        static final VoidSerializer INSTANCE = new VoidSerializer();

        @Override
        public byte @Nullable [] serialize(String topic, Void data) {
            return null;
        }
    }
}
