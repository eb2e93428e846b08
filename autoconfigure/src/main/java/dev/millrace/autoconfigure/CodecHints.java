package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * What a native image needs of the codecs' libraries, of those that are there: the libraries that they unpack, and the Java
 * that these reach for. lz4-java finds its variants by name.
 */
final class CodecHints implements RuntimeHintsRegistrar {

    private static final String LZ4 = "net.jpountz.lz4.";
    private static final String XXHASH = "net.jpountz.xxhash.";

    CodecHints() {}

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        if (ClassUtils.isPresent("org.xerial.snappy.SnappyNative", classLoader)) {
            hints.resources().registerPattern("org/xerial/snappy/native/**");
            nativeCodeCalls("org.xerial.snappy.SnappyNative", hints, classLoader);
        }
        if (ClassUtils.isPresent("com.github.luben.zstd.ZstdCompressCtx", classLoader)) {
            hints.resources().registerPattern("*/*/libzstd-jni-*");
            nativeCodeCalls("com.github.luben.zstd.ZstdCompressCtx", hints, classLoader);
            nativeCodeCalls("com.github.luben.zstd.ZstdInputStreamNoFinalizer", hints, classLoader);
        }
        if (ClassUtils.isPresent("net.jpountz.lz4.LZ4Factory", classLoader)) {
            hints.resources().registerPattern("net/jpountz/util/*/*/*");
            hints.jni().registerType(OutOfMemoryError.class); // the library looks for it when it is loaded
            for (String variant : new String[] {"JNI", "JavaUnsafe", "JavaSafe"}) {
                lz4Variant(variant, hints, classLoader);
            }
        }
    }

    private static void lz4Variant(String variant, RuntimeHints hints, @Nullable ClassLoader classLoader) {
        for (String name : new String[] {
            LZ4 + "LZ4" + variant + "Compressor",
            LZ4 + "LZ4HC" + variant + "Compressor",
            LZ4 + "LZ4" + variant + "FastDecompressor",
            LZ4 + "LZ4" + variant + "SafeDecompressor",
            XXHASH + "XXHash32" + variant,
            XXHASH + "XXHash64" + variant,
            XXHASH + "StreamingXXHash32" + variant + "$Factory",
            XXHASH + "StreamingXXHash64" + variant + "$Factory"
        }) {
            hints.reflection()
                    .registerTypeIfPresent(
                            classLoader,
                            name,
                            MemberCategory.ACCESS_PUBLIC_FIELDS,
                            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        }
    }

    private static void nativeCodeCalls(String type, RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.jni()
                .registerTypeIfPresent(
                        classLoader,
                        type,
                        MemberCategory.ACCESS_DECLARED_FIELDS,
                        MemberCategory.INVOKE_DECLARED_METHODS);
    }
}
