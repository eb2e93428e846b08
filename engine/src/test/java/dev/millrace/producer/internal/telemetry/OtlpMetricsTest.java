package dev.millrace.producer.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.telemetry.MetricPoint.Kind;
import dev.millrace.producer.internal.telemetry.MetricPoint.Scope;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.shaded.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Sum;
import org.junit.jupiter.api.Test;

/** What is written here is read by the classes of OpenTelemetry that come with the reference. */
class OtlpMetricsTest {

    private static final long FROM = 1_700_000_000_000L;
    private static final long TO = FROM + 30_000;

    @Test
    void carriesGaugesAndSumsWithTheirTimes() throws Exception {
        ResourceMetrics read = read(
                Map.of("client_rack", "a"),
                Temporality.DELTA,
                new MetricPoint(Scope.PRODUCER, "x.rate", Kind.GAUGE, "", 0.25),
                new MetricPoint(Scope.PRODUCER, "x.total", Kind.SUM, "", 7));

        assertThat(read.getResource().getAttributes(0).getKey()).isEqualTo("client_rack");
        assertThat(read.getResource().getAttributes(0).getValue().getStringValue())
                .isEqualTo("a");
        List<Metric> metrics = read.getScopeMetrics(0).getMetricsList();
        assertThat(metrics).extracting(Metric::getName).containsExactly("x.rate", "x.total");
        NumberDataPoint gauge = metrics.get(0).getGauge().getDataPoints(0);
        assertThat(gauge.getAsDouble()).isEqualTo(0.25);
        assertThat(gauge.getTimeUnixNano()).isEqualTo(TO * 1_000_000);
        assertThat(gauge.getStartTimeUnixNano()).isZero();
        assertThat(gauge.getAttributesList()).isEmpty();
        Sum sum = metrics.get(1).getSum();
        assertThat(sum.getIsMonotonic()).isTrue();
        assertThat(sum.getAggregationTemporality()).isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
        assertThat(sum.getDataPoints(0).getAsDouble()).isEqualTo(7);
        assertThat(sum.getDataPoints(0).getStartTimeUnixNano()).isEqualTo(FROM * 1_000_000);
        assertThat(sum.getDataPoints(0).getTimeUnixNano()).isEqualTo(TO * 1_000_000);
    }

    @Test
    void saysThatSumsAreCumulative() throws Exception {
        ResourceMetrics read =
                read(Map.of(), Temporality.CUMULATIVE, new MetricPoint(Scope.PRODUCER, "x.total", Kind.SUM, "", 7));

        assertThat(read.getScopeMetrics(0).getMetrics(0).getSum().getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        assertThat(read.getResource().getAttributesList()).isEmpty();
    }

    @Test
    void onePointForEachNodeAndTopic() throws Exception {
        ResourceMetrics read = read(
                Map.of(),
                Temporality.DELTA,
                new MetricPoint(Scope.NODE, "n.rate", Kind.GAUGE, "node-1", 1),
                new MetricPoint(Scope.TOPIC, "t.total", Kind.SUM, "orders", 2),
                new MetricPoint(Scope.NODE, "n.rate", Kind.GAUGE, "node-2", 3),
                new MetricPoint(Scope.TOPIC, "t.total", Kind.SUM, "zahlungen-für-ÄÖ", 4));

        List<Metric> metrics = read.getScopeMetrics(0).getMetricsList();
        assertThat(metrics).hasSize(2);
        assertThat(metrics.get(0).getGauge().getDataPointsList())
                .extracting(OtlpMetricsTest::attribute)
                .containsExactly("node_id=node-1", "node_id=node-2");
        assertThat(metrics.get(1).getSum().getDataPointsList())
                .extracting(OtlpMetricsTest::attribute)
                .containsExactly("topic=orders", "topic=zahlungen-für-ÄÖ");
    }

    @Test
    void carriesEveryNumberAndLongTexts() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            String name = "n".repeat(1 + random.nextInt(40_000));
            ResourceMetrics read =
                    read(Map.of(), Temporality.DELTA, new MetricPoint(Scope.PRODUCER, name, Kind.GAUGE, "", value));
            Metric metric = read.getScopeMetrics(0).getMetrics(0);
            assertThat(metric.getName()).isEqualTo(name);
            assertThat(metric.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(value);
        }
    }

    private static String attribute(NumberDataPoint point) {
        assertThat(point.getAttributesList()).hasSize(1);
        return point.getAttributes(0).getKey() + "="
                + point.getAttributes(0).getValue().getStringValue();
    }

    private static ResourceMetrics read(Map<String, String> resource, Temporality temporality, MetricPoint... points)
            throws InvalidProtocolBufferException {
        byte[] bytes = OtlpMetrics.encode(resource, new MetricReport(FROM, TO, temporality, List.of(points)));
        MetricsData data = MetricsData.parseFrom(bytes);
        assertThat(data.getResourceMetricsCount()).isOne();
        assertThat(data.getUnknownFields().asMap()).isEmpty();
        return data.getResourceMetrics(0);
    }
}
