package dev.millrace.producer.internal.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Producers;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine on a class path without the optional libraries. */
class MissingCodecTest {

    /** A header and a block; for the others anything will do. */
    private static final byte[] SNAPPY = HexFormat.of().parseHex("82534e4150505900000000010000000100000003010061");

    private static final List<String> OPTIONAL = List.of("snappy-java", "lz4-java", "zstd-jni");

    @ParameterizedTest
    @CsvSource({"SNAPPY, org.xerial.snappy:snappy-java", "LZ4, at.yawk.lz4:lz4-java", "ZSTD, com.github.luben:zstd-jni"
    })
    void isNamedWhenTheProducerIsMade(String type, String artifact) throws Exception {
        try (URLClassLoader bare = engineWithoutCodecs()) {
            Throwable refused = openWith(bare, type);
            assertThat(refused.getClass().getSimpleName()).isEqualTo("ConfigException");
            assertThat(refused).hasMessageContaining(artifact).hasMessageContaining("add it");
        }
    }

    @ParameterizedTest
    @CsvSource({"NONE", "GZIP"})
    void isNotMissedByWhatNeedsNone(String type) throws Exception {
        try (URLClassLoader bare = engineWithoutCodecs()) {
            Class<?> codecs = bare.loadClass(Codecs.class.getName());
            Class<?> compression = bare.loadClass("dev.millrace.producer.config.Compression");
            var unused = codecs.getMethod("probe", compression).invoke(null, constant(compression, type));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, org.xerial.snappy:snappy-java", "3, at.yawk.lz4:lz4-java", "4, com.github.luben:zstd-jni"})
    void isNamedByWhoeverReads(int id, String artifact) throws Exception {
        try (URLClassLoader bare = engineWithoutCodecs()) {
            var decompress = bare.loadClass(Decompression.class.getName())
                    .getMethod("decompress", int.class, ByteBuffer.class, int.class);
            assertThatExceptionOfType(InvocationTargetException.class)
                    .isThrownBy(() -> decompress.invoke(null, id, ByteBuffer.wrap(SNAPPY), 100))
                    .havingCause()
                    .withMessageContaining(artifact);
        }
    }

    private static Throwable openWith(ClassLoader loader, String type) throws Exception {
        Class<?> configClass = loader.loadClass("dev.millrace.producer.config.ProducerConfig");
        Class<?> compression = loader.loadClass("dev.millrace.producer.config.Compression");
        Class<?> serializer = loader.loadClass("dev.millrace.producer.serialization.Serializer");
        Object builder = configClass.getMethod("builder").invoke(null);
        builder.getClass().getMethod("bootstrapServers", String[].class).invoke(builder, (Object)
                new String[] {"127.0.0.1:1"});
        builder.getClass().getMethod("compression", compression).invoke(builder, constant(compression, type));
        Object config = builder.getClass().getMethod("build").invoke(builder);
        Object bytes = loader.loadClass("dev.millrace.producer.serialization.Serializers")
                .getMethod("bytes")
                .invoke(null);
        try {
            loader.loadClass(Producers.class.getName())
                    .getMethod("open", configClass, serializer, serializer)
                    .invoke(null, config, bytes, bytes);
            throw new AssertionError("opened without its codec: " + type);
        } catch (InvocationTargetException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static Object constant(Class<?> compression, String name) {
        return Arrays.stream(compression.getEnumConstants())
                .filter(each -> ((Enum<?>) each).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static URLClassLoader engineWithoutCodecs() throws IOException {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> OPTIONAL.stream().noneMatch(entry::contains))
                .map(MissingCodecTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
