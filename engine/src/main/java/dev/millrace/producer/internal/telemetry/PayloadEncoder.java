package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.ChunkOutput;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.compression.CodecMissingException;
import dev.millrace.producer.internal.telemetry.MetricPoint.Scope;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes pushes of reports: what is wanted, in OTLP, compressed with the first codec of the broker's that works here. What is
 * larger than the broker takes goes without the details of topics, then of nodes. One call at a time, on any thread.
 */
final class PayloadEncoder {

    private static final Logger LOG = LoggerFactory.getLogger(PayloadEncoder.class);
    private static final int CHUNK_BYTES = 16 << 10;

    private final Map<String, String> resource;
    private final Function<Compression, Codec> codecs;
    private final Map<Compression, Codec> tried =
            new EnumMap<>(Compression.class); // NONE in the place of a missing one

    /**
     * For this resource.
     *
     * @param codecs gives codecs that work, or throws {@link CodecMissingException}
     */
    PayloadEncoder(Map<String, String> resource, Function<Compression, Codec> codecs) {
        this.resource = resource;
        this.codecs = codecs;
    }

    /** The push; null if not even the metrics of the producer as a whole fit. */
    @Nullable Payload encode(MetricReport report, Subscription subscription) {
        Codec codec = codecFor(subscription.codecs());
        MetricReport wanted = report.only(subscription::wants);
        MetricReport withoutTopics = wanted.without(Scope.TOPIC);
        for (MetricReport each : List.of(wanted, withoutTopics, withoutTopics.without(Scope.NODE))) {
            Payload payload = compress(OtlpMetrics.encode(resource, each), codec, subscription.maxBytes());
            if (payload != null) {
                return payload;
            }
        }
        return null;
    }

    private Codec codecFor(List<Compression> accepted) {
        for (Compression type : accepted) {
            Codec codec = type == Compression.NONE ? Codec.NONE : tried.computeIfAbsent(type, this::codecOrNone);
            if (codec.type() == type) {
                return codec;
            }
        }
        return Codec.NONE;
    }

    private Codec codecOrNone(Compression type) {
        try {
            return codecs.apply(type);
        } catch (CodecMissingException e) {
            LOG.debug("telemetry goes without {}", type, e);
            return Codec.NONE;
        }
    }

    private static @Nullable Payload compress(byte[] plain, Codec codec, int maxBytes) {
        if (codec.type() == Compression.NONE) {
            return plain.length <= maxBytes ? new Payload(Compression.NONE, plain) : null;
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(plain.length).put(plain).flip();
        ChunkOutput out = new ChunkOutput(() -> ByteBuffer.allocateDirect(CHUNK_BYTES), 0, maxBytes);
        if (!codec.compress(List.of(direct), out)) {
            return null;
        }
        int sizeBytes = out.sizeBytes();
        return Payload.of(codec.type(), out.finish(), sizeBytes);
    }
}
