package dev.millrace.producer.internal.telemetry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.compression.CodecMissingException;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.telemetry.MetricPoint.Kind;
import dev.millrace.producer.internal.telemetry.MetricPoint.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryUtils;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PayloadEncoderTest {

    private static final int PLENTY = 1 << 20;

    private final Codecs codecs = new Codecs();

    @AfterEach
    void giveBack() {
        codecs.close();
    }

    @ParameterizedTest
    @Tag("row-118")
    @EnumSource
    void isReadByTheReferenceWithEveryCodec(Compression type) throws Exception {
        Payload payload = encode(this::codec, PLENTY, type);

        assertThat(payload.compression()).isEqualTo(type);
        assertThat(names(payload)).containsExactlyInAnyOrder("p.one", "n.one", "t.one");
    }

    @Test
    @Tag("row-118")
    void takesTheFirstCodecThatWorksHere() {
        Set<Compression> asked = new HashSet<>();
        Function<Compression, Codec> onlyGzip = type -> {
            asked.add(type);
            if (type != Compression.GZIP) {
                throw new CodecMissingException(type, new NoClassDefFoundError("x"));
            }
            return codecs.codec(type, 1);
        };

        assertThat(encode(onlyGzip, PLENTY, Compression.ZSTD, Compression.LZ4, Compression.GZIP)
                        .compression())
                .isEqualTo(Compression.GZIP);
        assertThat(asked).containsExactlyInAnyOrder(Compression.ZSTD, Compression.LZ4, Compression.GZIP);
        assertThat(encode(onlyGzip, PLENTY, Compression.ZSTD, Compression.NONE, Compression.GZIP)
                        .compression())
                .isEqualTo(Compression.NONE);
        assertThat(encode(onlyGzip, PLENTY, Compression.LZ4).compression()).isEqualTo(Compression.NONE);
        assertThat(encode(onlyGzip, PLENTY).compression()).isEqualTo(Compression.NONE);
    }

    @ParameterizedTest
    @Tag("row-118")
    @EnumSource(names = {"NONE", "GZIP"})
    void leavesDetailsOutThatTheBrokerDoesNotTake(Compression type) throws Exception {
        int whole = encode(this::codec, PLENTY, type).bytes().length;

        Payload withoutTopics = encode(this::codec, whole - 1, type);
        assertThat(names(withoutTopics)).containsExactlyInAnyOrder("p.one", "n.one");
        Payload withoutNodes = encode(this::codec, withoutTopics.bytes().length - 1, type);
        assertThat(names(withoutNodes)).containsExactly("p.one");
        assertThat(new PayloadEncoder(Map.of(), this::codec)
                        .encode(report(), subscription(withoutNodes.bytes().length - 1, List.of(type))))
                .isNull();
    }

    @Test
    @Tag("row-118")
    void leavesOutWhatIsNotWanted() throws Exception {
        Subscription some =
                new Subscription(new UUID(1, 2), 1, 1, PLENTY, Temporality.DELTA, List.of(), List.of("n.", "t.on"));

        assertThat(names(requireNonNull(new PayloadEncoder(Map.of(), this::codec).encode(report(), some))))
                .containsExactlyInAnyOrder("n.one", "t.one");
    }

    private static Payload encode(Function<Compression, Codec> codecs, int maxBytes, Compression... accepted) {
        return requireNonNull(
                new PayloadEncoder(Map.of(), codecs).encode(report(), subscription(maxBytes, List.of(accepted))));
    }

    private static Subscription subscription(int maxBytes, List<Compression> accepted) {
        return new Subscription(new UUID(1, 2), 1, 1, maxBytes, Temporality.DELTA, accepted, List.of("*"));
    }

    private static MetricReport report() {
        List<MetricPoint> points = new ArrayList<>();
        points.add(new MetricPoint(Scope.PRODUCER, "p.one", Kind.GAUGE, "", 1));
        for (int i = 0; i < 50; i++) {
            points.add(new MetricPoint(Scope.NODE, "n.one", Kind.GAUGE, "node-" + i, Math.sqrt(i)));
            points.add(new MetricPoint(Scope.TOPIC, "t.one", Kind.SUM, "topic-" + i, Math.sqrt(i)));
        }
        return new MetricReport(1, 2, Temporality.DELTA, points);
    }

    private static List<String> names(Payload payload) throws Exception {
        ByteBuffer plain = ClientTelemetryUtils.decompress(
                ByteBuffer.wrap(payload.bytes()),
                CompressionType.forId(payload.compression().id()),
                PLENTY);
        byte[] bytes = new byte[plain.remaining()];
        plain.get(bytes);
        return MetricsData.parseFrom(bytes).getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                .map(Metric::getName)
                .toList();
    }

    private Codec codec(Compression type) {
        return codecs.codec(type, 1);
    }
}
