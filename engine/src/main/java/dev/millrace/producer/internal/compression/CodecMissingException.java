package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;

/** The library of a codec is not there, or does not work on this machine. */
public final class CodecMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CodecMissingException(Compression type, Throwable cause) {
        super(describe(type, cause), cause);
    }

    private static String describe(Compression type, Throwable cause) {
        String needs = type + " needs the library " + artifact(type);
        return cause instanceof NoClassDefFoundError
                ? needs + ", which is not on the class path; add it"
                : needs + ", which cannot be used here: " + cause;
    }

    private static String artifact(Compression type) {
        return switch (type) {
            case NONE, GZIP -> "java.base";
            case SNAPPY -> "org.xerial.snappy:snappy-java";
            case LZ4 -> "at.yawk.lz4:lz4-java";
            case ZSTD -> "com.github.luben:zstd-jni";
        };
    }
}
