package dev.millrace.producer.config;

/** How the records of a batch are compressed (record batch v2, attributes bits 0 to 2). */
public enum Compression {

    /** Not at all. */
    NONE("none", 0),
    /** RFC 1952, by the JDK. */
    GZIP("gzip", 1),
    /** Snappy in xerial's framing; needs {@code org.xerial.snappy:snappy-java}. */
    SNAPPY("snappy", 2),
    /** LZ4 frames; needs {@code at.yawk.lz4:lz4-java}. */
    LZ4("lz4", 3),
    /** Zstandard (RFC 8878), brokers from 2.1 on; needs {@code com.github.luben:zstd-jni}. */
    ZSTD("zstd", 4);

    private final String text;
    private final int id;

    Compression(String text, int id) {
        this.text = text;
        this.id = id;
    }

    /** The number in the attributes of a batch. */
    public int id() {
        return id;
    }

    /**
     * Reads {@code none}, {@code gzip}, {@code snappy}, {@code lz4} or {@code zstd}; surrounding blanks and case do not
     * matter.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Compression parse(String text) {
        return Choices.parse(values(), text);
    }

    /** The form used in configurations. */
    @Override
    public String toString() {
        return text;
    }
}
