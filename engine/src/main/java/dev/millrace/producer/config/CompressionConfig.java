package dev.millrace.producer.config;

/**
 * How batches are compressed. Made by {@link ProducerConfig.Builder}, which checks. A level counts only for its own type.
 *
 * @param type how, or not at all; default {@link Compression#NONE}
 * @param gzipLevel 1 (fast) to 9 (small), -1 leaves it to zlib; default -1
 * @param lz4Level 1 to 17; up to 9 is one fast algorithm, above are slower ones; default 9
 * @param zstdLevel -131072 (fast) to 22 (small); default 3
 */
public record CompressionConfig(Compression type, int gzipLevel, int lz4Level, int zstdLevel) {

    /** The level of the chosen type, 0 for types without levels. */
    public int level() {
        return switch (type) {
            case GZIP -> gzipLevel;
            case LZ4 -> lz4Level;
            case ZSTD -> zstdLevel;
            case NONE, SNAPPY -> 0;
        };
    }
}
