package dev.millrace.producer.internal.compression;

import dev.millrace.producer.config.Compression;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The codecs in use, one for each level, so that producers share their work memory. Any thread. */
public final class Codecs implements AutoCloseable {

    private static final int PROBE_BYTES = 64;

    private final Map<Key, Codec> codecs = new ConcurrentHashMap<>();
    private final Factory factory;

    private record Key(Compression type, int level) {}

    /** Makes codecs. */
    @FunctionalInterface
    public interface Factory {

        /** A codec of this type, with this level if it has levels. */
        Codec create(Compression type, int level);
    }

    /** The real ones. */
    public Codecs() {
        this(Codecs::create);
    }

    /** With codecs from elsewhere. */
    public Codecs(Factory factory) {
        this.factory = factory;
    }

    /**
     * The codec with this level, made when it is first asked for.
     *
     * @param level of a codec that has levels; otherwise it has no meaning
     * @throws CodecMissingException if its library is missing
     */
    public Codec codec(Compression type, int level) {
        return type == Compression.NONE
                ? Codec.NONE
                : codecs.computeIfAbsent(new Key(type, level), key -> factory.create(key.type(), key.level()));
    }

    /**
     * Finds out whether a codec works here, by compressing a few bytes.
     *
     * @throws CodecMissingException if its library is missing
     */
    public static void probe(Compression type) {
        if (type == Compression.NONE) {
            return;
        }
        try (Codec codec = create(type, 1)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(PROBE_BYTES);
            var unused = codec.compress(
                    List.of(bytes), new ChunkOutput(() -> ByteBuffer.allocateDirect(PROBE_BYTES), 0, PROBE_BYTES));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) { // linkage errors, and what libraries throw that cannot unpack their native part
            throw new CodecMissingException(type, e);
        }
    }

    /** Gives all work memory back. Only when nobody compresses any more. */
    @Override
    public void close() {
        codecs.values().forEach(Codec::close);
    }

    private static Codec create(Compression type, int level) {
        try {
            return switch (type) {
                case NONE -> Codec.NONE;
                case GZIP -> new GzipCodec(level);
                case SNAPPY -> new SnappyCodec();
                case LZ4 -> new Lz4Codec(level);
                case ZSTD -> new ZstdCodec(level);
            };
        } catch (LinkageError e) {
            throw new CodecMissingException(type, e);
        }
    }
}
