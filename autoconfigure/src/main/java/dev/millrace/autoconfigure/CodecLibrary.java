package dev.millrace.autoconfigure;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException.Violation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** The library a codec needs. The engine looks for it when it is opened, which is not before the first send. */
enum CodecLibrary {
    SNAPPY(Compression.SNAPPY, "org.xerial.snappy.Snappy", "org.xerial.snappy:snappy-java"),
    LZ4(Compression.LZ4, "net.jpountz.lz4.LZ4Factory", "at.yawk.lz4:lz4-java"),
    ZSTD(Compression.ZSTD, "com.github.luben.zstd.ZstdCompressCtx", "com.github.luben:zstd-jni");

    private final Compression compression;
    private final String className;
    private final String artifact;

    CodecLibrary(Compression compression, String className, String artifact) {
        this.compression = compression;
        this.className = className;
        this.artifact = artifact;
    }

    /** Group and name, as in a pom. */
    String artifact() {
        return artifact;
    }

    /** What is wrong if the library of this codec is not on the class path. */
    static Optional<Violation> missing(Compression compression, @Nullable ClassLoader classLoader) {
        for (CodecLibrary library : values()) {
            if (library.compression == compression && !ClassUtils.isPresent(library.className, classLoader)) {
                return Optional.of(new Violation(
                        Setting.COMPRESSION.springName(),
                        compression.toString(),
                        "needs the library " + library.artifact
                                + ", which is not on the class path; add it, or the starter, which brings it"));
            }
        }
        return Optional.empty();
    }
}
