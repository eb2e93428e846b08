package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** How batches are compressed, under {@code app.producer.compression}. */
public class CompressionProperties {

    /** How batches are compressed. */
    private @Nullable String type;

    /** Level of gzip, from 1 (fast) to 9 (small); -1 leaves it to the library. */
    private @Nullable Integer gzipLevel;

    /** Level of lz4, from 1 (fast) to 17 (small). */
    private @Nullable Integer lz4Level;

    /** Level of zstd, from -131072 (fast) to 22 (small). */
    private @Nullable Integer zstdLevel;

    public @Nullable String getType() {
        return type;
    }

    public void setType(@Nullable String type) {
        this.type = type;
    }

    public @Nullable Integer getGzipLevel() {
        return gzipLevel;
    }

    public void setGzipLevel(@Nullable Integer gzipLevel) {
        this.gzipLevel = gzipLevel;
    }

    public @Nullable Integer getLz4Level() {
        return lz4Level;
    }

    public void setLz4Level(@Nullable Integer lz4Level) {
        this.lz4Level = lz4Level;
    }

    public @Nullable Integer getZstdLevel() {
        return zstdLevel;
    }

    public void setZstdLevel(@Nullable Integer zstdLevel) {
        this.zstdLevel = zstdLevel;
    }
}
