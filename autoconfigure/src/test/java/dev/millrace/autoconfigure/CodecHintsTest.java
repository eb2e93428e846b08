package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.xerial.snappy.SnappyNative;

/** What a native image has to keep of the codecs' libraries. */
class CodecHintsTest {

    private final RuntimeHints hints = new RuntimeHints();

    @Test
    void areFoundWhenAnApplicationIsProcessed() {
        assertThat(AotServices.factories().load(RuntimeHintsRegistrar.class)).anyMatch(CodecHints.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void keepTheLibraries(String library) {
        assertThat(getClass().getClassLoader().getResource(library)).isNotNull();
        register(getClass().getClassLoader());

        assertThat(RuntimeHintsPredicates.resource().forResource(library)).accepts(hints);
    }

    static Stream<String> libraries() {
        return Stream.of(
                "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so",
                "net/jpountz/util/linux/amd64/liblz4-java.so",
                "linux/amd64/libzstd-jni-" + ZstdVersion.VERSION + ".so");
    }

    @Test
    void keepWhatNativeCodeReachesFor() throws ReflectiveOperationException {
        register(getClass().getClassLoader());

        Field pointer = ZstdCompressCtx.class.getDeclaredField("nativePtr");
        assertThat(hints.jni().getTypeHint(ZstdCompressCtx.class)).isNotNull();
        assertThat(pointer.getType()).isEqualTo(long.class);
        assertThat(hints.jni().getTypeHint(SnappyNative.class)).isNotNull();
        assertThat(hints.jni().getTypeHint(OutOfMemoryError.class)).isNotNull();
    }

    /** The factory asks for each variant by name, and takes another one if it is not there. */
    @Test
    void keepTheVariantsOfLz4() throws ReflectiveOperationException {
        register(getClass().getClassLoader());

        for (String name : List.of(
                "net.jpountz.lz4.LZ4JNICompressor",
                "net.jpountz.lz4.LZ4HCJavaUnsafeCompressor",
                "net.jpountz.lz4.LZ4JavaSafeSafeDecompressor",
                "net.jpountz.xxhash.XXHash32JNI",
                "net.jpountz.xxhash.StreamingXXHash32JavaSafe$Factory")) {
            Class<?> variant = Class.forName(name);
            assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(variant.getField("INSTANCE")))
                    .as(name)
                    .accepts(hints);
        }
        assertThat(LZ4Factory.fastestInstance().toString()).contains("JNI");
    }

    @Test
    void areNoneForLibrariesThatAreNotThere() throws IOException {
        try (FilteredClassLoader without =
                new FilteredClassLoader("org.xerial.snappy", "com.github.luben.zstd", "net.jpountz")) {
            register(without);
        }

        assertThat(hints.resources().resourcePatternHints()).isEmpty();
        assertThat(hints.jni().typeHints()).isEmpty();
        assertThat(hints.reflection().typeHints()).isEmpty();
    }

    private void register(ClassLoader classLoader) {
        new CodecHints().registerHints(hints, classLoader);
    }
}
