package dev.millrace.producer.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferSerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.FloatSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The built-in serializers against those of the reference, byte for byte. */
class SerializersTest {

    private static final long SEED = 20_240_601;
    private static final int ROUNDS = 2_000;

    static Stream<Arguments> pairs() {
        return Stream.of(
                pair("string", Serializers.string(), new StringSerializer(), SerializersTest::anyText),
                pair("bytes", Serializers.bytes(), new ByteArraySerializer(), SerializersTest::anyBytes),
                pair("byteBuffer", Serializers.byteBuffer(), new ByteBufferSerializer(), random -> {
                    byte[] bytes = anyBytes(random);
                    return ByteBuffer.wrap(bytes);
                }),
                pair("shorts", Serializers.shorts(), new ShortSerializer(), random -> (short) random.nextInt()),
                pair("integers", Serializers.integers(), new IntegerSerializer(), Random::nextInt),
                pair("longs", Serializers.longs(), new LongSerializer(), Random::nextLong),
                pair(
                        "floats",
                        Serializers.floats(),
                        new FloatSerializer(),
                        random -> Float.intBitsToFloat(random.nextInt())),
                pair(
                        "doubles",
                        Serializers.doubles(),
                        new DoubleSerializer(),
                        random -> Double.longBitsToDouble(random.nextLong())),
                pair("uuid", Serializers.uuid(), new UUIDSerializer(), SerializersTest::anyUuid),
                pair("NaN", Serializers.floats(), new FloatSerializer(), random -> Float.intBitsToFloat(0x7fc00001)),
                pair(
                        "NaN",
                        Serializers.doubles(),
                        new DoubleSerializer(),
                        random -> Double.longBitsToDouble(0x7ff8000000000001L)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    <T> void writesTheBytesOfTheReference(
            String name,
            Serializer<T> ours,
            org.apache.kafka.common.serialization.Serializer<T> reference,
            Function<Random, T> anyValue) {
        Random random = new Random(SEED);
        PayloadBuffer out = new PayloadBuffer();
        SerializationContext context = SerializationContext.forValue("orders", Headers.empty());
        for (int round = 0; round < ROUNDS; round++) {
            T value = anyValue.apply(random);
            byte[] expected = reference.serialize("orders", value);

            assertThat(ours.serialize("orders", value))
                    .as("seed=%d round=%d", SEED, round)
                    .isEqualTo(expected);
            ours.serializeTo(context, value, out);
            assertThat(payload(out)).as("seed=%d round=%d", SEED, round).isEqualTo(expected);
            out.reset();
        }
    }

    @Test
    void sendsWhatRemainsInABufferAndMovesNothing() {
        ByteBuffer onHeap = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5}, 1, 4).slice();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(4).put(new byte[] {1, 2, 3, 4}).flip();
        PayloadBuffer out = new PayloadBuffer();
        for (ByteBuffer buffer : new ByteBuffer[] {onHeap, direct, onHeap.asReadOnlyBuffer()}) {
            buffer.position(1);
            Serializers.byteBuffer().serializeTo(SerializationContext.forKey("t", Headers.empty()), buffer, out);

            assertThat(payload(out)).containsExactly(2, 3, 4);
            assertThat(Serializers.byteBuffer().serialize("t", buffer)).containsExactly(2, 3, 4);
            assertThat(buffer.position()).isEqualTo(1);
            out.reset();
        }
    }

    @Test
    void handsByteArraysOverUncopied() {
        byte[] bytes = {1, 2};
        PayloadBuffer out = new PayloadBuffer();
        Serializers.bytes().serializeTo(SerializationContext.forValue("t", Headers.empty()), bytes, out);

        assertThat(out.array()).isSameAs(bytes);
    }

    @Test
    void nullFromASerializerIsANullPayload() {
        Serializer<String> tombstones = (topic, data) -> null;
        PayloadBuffer out = new PayloadBuffer();
        tombstones.serializeTo(SerializationContext.forValue("t", Headers.empty()), "x", out);

        assertThat(out.length()).isEqualTo(-1);
    }

    @Test
    void headersOfTheKeySerializerStayForTheValue() {
        SerializationContext context = SerializationContext.forKey("old", Headers.empty());
        context.startKey("orders", Headers.of("a", "1"));
        context.addHeader("schema", new byte[] {7});

        assertThat(context.isKey()).isTrue();
        context.startValue();
        assertThat(context.isKey()).isFalse();
        assertThat(context.topic()).isEqualTo("orders");
        assertThat(context.headers()).isEqualTo(Headers.of("a", "1").with("schema", new byte[] {7}));
        context.startKey("next", Headers.empty());
        assertThat(context.headers().isEmpty()).isTrue();
    }

    @Test
    void isNamedAsTheMethodThatReturnsIt() throws ReflectiveOperationException {
        Set<String> factories = Stream.of(Serializers.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == Serializer.class && method.getParameterCount() == 0)
                .map(Method::getName)
                .collect(Collectors.toSet());

        assertThat(Serializers.names()).containsExactlyInAnyOrderElementsOf(factories);
        for (String name : Serializers.names()) {
            assertThat(Serializers.named(name))
                    .isSameAs(Serializers.class.getMethod(name).invoke(null));
        }
    }

    @Test
    void isFoundByOtherSpellingsOfItsName() {
        assertThat(Serializers.named("byte-buffer")).isSameAs(Serializers.byteBuffer());
        assertThat(Serializers.named("UUIDSerializer")).isSameAs(Serializers.uuid());
        assertThat(Serializers.named("org.apache.kafka.common.serialization.ByteArraySerializer"))
                .isSameAs(Serializers.bytes());
        assertThat(Serializers.named("json")).isNull();
        assertThat(Serializers.named("")).isNull();
    }

    private static <T> Arguments pair(
            String name,
            Serializer<T> ours,
            org.apache.kafka.common.serialization.Serializer<T> reference,
            Function<Random, T> anyValue) {
        return Arguments.of(name, ours, reference, anyValue);
    }

    /** All planes, and surrogates without their partner. */
    private static String anyText(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(20) == 0 ? 3_000 : 20);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(0x800));
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                case 3 -> text.append((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
                default -> text.append((char) random.nextInt(0x80));
            }
        }
        return text.toString();
    }

    private static byte[] anyBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(1_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static UUID anyUuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static byte @Nullable [] payload(PayloadBuffer out) {
        if (out.length() < 0) {
            return null;
        }
        byte[] copy = new byte[out.length()];
        System.arraycopy(out.array(), out.offset(), copy, 0, copy.length);
        return copy;
    }
}
