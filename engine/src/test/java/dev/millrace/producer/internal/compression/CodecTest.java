package dev.millrace.producer.internal.compression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.config.Compression;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.GzipCompression;
import org.apache.kafka.common.compress.Lz4Compression;
import org.apache.kafka.common.compress.SnappyCompression;
import org.apache.kafka.common.compress.ZstdCompression;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every codec against the reference, in both directions and at the edges of levels and sizes. */
@Timeout(120)
class CodecTest {

    private static final int CHUNK_BYTES = 4096;
    private static final int NO_LIMIT = Integer.MAX_VALUE - 1;
    private static final byte MAGIC = 2;

    static Stream<Arguments> levels() {
        return Stream.of(
                Arguments.of(Compression.GZIP, -1),
                Arguments.of(Compression.GZIP, 1),
                Arguments.of(Compression.GZIP, 9),
                Arguments.of(Compression.SNAPPY, 0),
                Arguments.of(Compression.LZ4, 1),
                Arguments.of(Compression.LZ4, 9),
                Arguments.of(Compression.LZ4, 17),
                Arguments.of(Compression.ZSTD, -131_072),
                Arguments.of(Compression.ZSTD, -5),
                Arguments.of(Compression.ZSTD, 3),
                Arguments.of(Compression.ZSTD, 22));
    }

    @ParameterizedTest
    @Tag("row-2")
    @MethodSource("levels")
    void isReadByTheReferenceAndByUs(Compression type, int level) throws IOException {
        try (Codecs codecs = new Codecs()) {
            Codec codec = codecs.codec(type, level);
            for (byte[] plain : payloads()) {
                byte[] compressed = compress(codec, plain);

                assertThat(referenceDecompress(type, level, compressed, plain.length))
                        .isEqualTo(plain);
                assertThat(decompress(type, compressed, plain.length)).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @Tag("row-2")
    @MethodSource("levels")
    void readsWhatTheReferenceWrites(Compression type, int level) throws IOException {
        for (byte[] plain : payloads()) {
            ByteBufferOutputStream bytes = new ByteBufferOutputStream(512);
            try (OutputStream out = reference(type, level).wrapForOutput(bytes, MAGIC)) {
                out.write(plain);
            }
            bytes.buffer().flip();
            byte[] compressed = new byte[bytes.buffer().remaining()];
            bytes.buffer().get(compressed);

            assertThat(decompress(type, compressed, plain.length)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void makesCompressibleDataMuchSmaller(Compression type) {
        byte[] plain = "the same words again and again. ".repeat(4_000).getBytes(UTF_8);
        try (Codecs codecs = new Codecs()) {
            assertThat(compress(codecs.codec(type, 1), plain)).hasSizeLessThan(plain.length / 10);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void stopsWhenTheResultSavesNothing(Compression type) {
        byte[] plain = new byte[1 << 20];
        new Random(1).nextBytes(plain);
        List<ByteBuffer> taken = new ArrayList<>();
        ChunkOutput out = new ChunkOutput(
                () -> {
                    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
                    taken.add(chunk);
                    return chunk;
                },
                61,
                1_000);
        try (Codecs codecs = new Codecs()) {
            assertThat(codecs.codec(type, 1).compress(chunks(plain), out)).isFalse();
            assertThat(out.chunks()).containsExactlyElementsOf(taken);
            // a block is written before anybody asks
            assertThat(taken).hasSizeLessThan((80 << 10) / CHUNK_BYTES);
            assertThat(compress(codecs.codec(type, 1), new byte[10_000])).hasSizeLessThan(1_000);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void isUsedByManyThreadsAtOnce(Compression type) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Codecs codecs = new Codecs()) {
            Codec codec = codecs.codec(type, 1);
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                byte[] plain = text(new Random(i), 20_000);
                calls.add(() -> Arrays.equals(decompress(type, compress(codec, plain), plain.length), plain));
            }
            for (Future<Boolean> same : threads.invokeAll(calls)) {
                assertThat(same.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Kafka 4.3.1: one record of 300 times the same letter. */
    @Test
    @Tag("row-2")
    void readsTheGoldenSections() {
        byte[] plain = decompress(
                Compression.GZIP, hex("1f8b08000000000000ff7bc1c2c0c0c0947d83257114100d1800649d1be236010000"), 1_000);
        assertThat(plain).hasSize(310);
        assertThat(decompress(
                        Compression.SNAPPY,
                        hex("82534e415050590000000001000000010000001eb60224e804000000026bd80461fe0100fe0100fe0100fe0100"
                                + "aa01000000"),
                        1_000))
                .isEqualTo(plain);
        assertThat(decompress(
                        Compression.LZ4,
                        hex("04224d1860408215000000afe804000000026bd804610100ff1550616161610000000000"),
                        1_000))
                .isEqualTo(plain);
        assertThat(decompress(
                        Compression.ZSTD, hex("28b52ffd005894000058e804000000026bd80461000100282a4002010000"), 1_000))
                .isEqualTo(plain);
        assertThat(decompress(
                        Compression.ZSTD,
                        hex("28b52ffd0048a4000068e804000000026bd804616161000100262a4802010000"),
                        1_000))
                .isEqualTo(plain);
    }

    @Test
    @Tag("row-2")
    void framesBlocksAsKafkaDoes() {
        byte[] plain = text(new Random(3), 70_000);
        try (Codecs codecs = new Codecs()) {
            ByteBuffer snappy = ByteBuffer.wrap(compress(codecs.codec(Compression.SNAPPY, 0), plain));
            assertThat(HexFormat.of().formatHex(snappy.array(), 0, 16)).isEqualTo("82534e41505059000000000100000001");
            int blocks = 0;
            for (snappy.position(16); snappy.hasRemaining(); blocks++) {
                int length = snappy.getInt();
                snappy.position(snappy.position() + length);
            }
            assertThat(blocks).isEqualTo(3);
            byte[] lz4 = compress(codecs.codec(Compression.LZ4, 9), plain);
            assertThat(HexFormat.of().formatHex(lz4, 0, 7)).isEqualTo("04224d18604082");
            assertThat(Arrays.copyOfRange(lz4, lz4.length - 4, lz4.length)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void refusesToBecomeLargerThanAllowed(Compression type) {
        try (Codecs codecs = new Codecs()) {
            byte[] bomb = compress(codecs.codec(type, 1), new byte[16 << 20]);

            assertThatExceptionOfType(DecompressionException.class).isThrownBy(() -> decompress(type, bomb, 1 << 20));
            assertThat(decompress(type, bomb, 16 << 20)).hasSize(16 << 20);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void refusesEveryBeginningOfItself(Compression type) {
        byte[] plain = text(new Random(5), 3_000);
        try (Codecs codecs = new Codecs()) {
            byte[] whole = compress(codecs.codec(type, 1), plain);
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                if (type == Compression.SNAPPY && length == 16) {
                    assertThat(decompress(type, part, 10_000)).isEmpty(); // a whole number of blocks, namely none
                } else {
                    assertThatExceptionOfType(DecompressionException.class)
                            .as("%d of %d B", length, whole.length)
                            .isThrownBy(() -> decompress(type, part, 10_000));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void survivesWhateverBytesItIsGiven(Compression type) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (Codecs codecs = new Codecs()) {
            byte[] whole = compress(codecs.codec(type, 1), text(random, 2_000));
            for (int round = 0; round < 5_000; round++) {
                byte[] bytes = whole.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                try {
                    assertThat(decompress(type, bytes, 100_000)).hasSizeLessThanOrEqualTo(100_000);
                } catch (DecompressionException refused) {
                    assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
                }
            }
        }
    }

    @Test
    void knowsNoOtherCodec() {
        assertThatExceptionOfType(DecompressionException.class)
                .isThrownBy(() -> Decompression.decompress(5, ByteBuffer.allocate(10), 10))
                .withMessageContaining("5");
        assertThat(Decompression.decompress(0, ByteBuffer.allocate(10), 10).remaining())
                .isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void isThere(Compression type) {
        Codecs.probe(type);
    }

    private static List<byte[]> payloads() {
        Random random = new Random(11);
        byte[] noise = new byte[1 << 20];
        random.nextBytes(noise);
        return List.of(
                new byte[0],
                new byte[] {42},
                new byte[CHUNK_BYTES - 61],
                text(random, CHUNK_BYTES + 1),
                text(random, 32 << 10),
                text(random, 70_000),
                text(random, 300_000),
                Arrays.copyOf(noise, 64 << 10),
                noise);
    }

    private static byte[] text(Random random, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = i > 50 && random.nextInt(5) > 0 ? text[i - 50] : (byte) ('a' + random.nextInt(26));
        }
        return text;
    }

    private static List<ByteBuffer> chunks(byte[] plain) {
        List<ByteBuffer> chunks = new ArrayList<>();
        for (int from = 0; from < plain.length; from += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, plain.length - from);
            chunks.add(ByteBuffer.allocateDirect(CHUNK_BYTES)
                    .put(plain, from, length)
                    .flip());
        }
        return chunks;
    }

    private static byte[] compress(Codec codec, byte[] plain) {
        ChunkOutput out = new ChunkOutput(() -> ByteBuffer.allocateDirect(CHUNK_BYTES), 61, NO_LIMIT);
        assertThat(codec.compress(chunks(plain), out)).isTrue();
        byte[] compressed = new byte[out.sizeBytes()];
        ByteBuffer target = ByteBuffer.wrap(compressed);
        List<ByteBuffer> chunks = out.finish();
        chunks.get(0).position(61);
        chunks.forEach(target::put);
        assertThat(target.hasRemaining()).isFalse();
        return compressed;
    }

    private static byte[] decompress(Compression type, byte[] compressed, int maxBytes) {
        ByteBuffer plain = Decompression.decompress(type, ByteBuffer.wrap(compressed), maxBytes);
        byte[] bytes = new byte[plain.remaining()];
        plain.get(bytes);
        return bytes;
    }

    private static byte[] referenceDecompress(Compression type, int level, byte[] compressed, int length)
            throws IOException {
        try (InputStream in =
                reference(type, level).wrapForInput(ByteBuffer.wrap(compressed), MAGIC, BufferSupplier.create())) {
            byte[] plain = new byte[length];
            new DataInputStream(in).readFully(plain);
            assertThat(in.read()).isNegative();
            return plain;
        }
    }

    private static org.apache.kafka.common.compress.Compression reference(Compression type, int level) {
        return switch (type) {
            case NONE -> org.apache.kafka.common.compress.Compression.NONE;
            case GZIP -> new GzipCompression.Builder().level(level).build();
            case SNAPPY -> new SnappyCompression.Builder().build();
            case LZ4 -> new Lz4Compression.Builder().level(level).build();
            case ZSTD -> new ZstdCompression.Builder().level(level).build();
        };
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
