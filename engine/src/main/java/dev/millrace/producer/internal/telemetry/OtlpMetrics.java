package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.internal.telemetry.MetricPoint.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A report as MetricsData of OpenTelemetry (OTLP 1.x, {@code opentelemetry/proto/metrics/v1/metrics.proto}), with these
 * fields only:
 *
 * <pre>
 * MetricsData     1 resource_metrics: ResourceMetrics
 * ResourceMetrics 1 resource: Resource          2 scope_metrics: ScopeMetrics
 * Resource        1 attributes: KeyValue
 * ScopeMetrics    2 metrics: Metric
 * Metric          1 name    5 gauge: Gauge    7 sum: Sum
 * Gauge           1 data_points: NumberDataPoint
 * Sum             1 data_points: NumberDataPoint    2 aggregation_temporality    3 is_monotonic
 * NumberDataPoint 2 start_time_unix_nano    3 time_unix_nano    4 as_double    7 attributes: KeyValue
 * KeyValue        1 key    2 value: AnyValue
 * AnyValue        1 string_value
 * </pre>
 */
final class OtlpMetrics {

    private OtlpMetrics() {}

    /** The bytes of a report about this resource, which has these attributes. */
    static byte[] encode(Map<String, String> resource, MetricReport report) {
        Map<String, List<MetricPoint>> metrics = new LinkedHashMap<>();
        for (MetricPoint point : report.points()) {
            metrics.computeIfAbsent(point.name(), name -> new ArrayList<>()).add(point);
        }
        ProtobufWriter data = new ProtobufWriter();
        data.writeMessage(1, resourceMetrics -> {
            resourceMetrics.writeMessage(
                    1, attributes -> resource.forEach((key, value) -> writeAttribute(attributes, 1, key, value)));
            resourceMetrics.writeMessage(
                    2,
                    scopeMetrics -> metrics.forEach((name, points) ->
                            scopeMetrics.writeMessage(2, metric -> writeMetric(metric, name, points, report))));
        });
        return data.toByteArray();
    }

    private static void writeMetric(ProtobufWriter metric, String name, List<MetricPoint> points, MetricReport report) {
        metric.writeString(1, name);
        if (points.get(0).kind() == Kind.GAUGE) {
            metric.writeMessage(5, gauge -> writePoints(gauge, points, report));
        } else {
            metric.writeMessage(7, sum -> {
                writePoints(sum, points, report);
                sum.writeInt(2, report.temporality().number());
                sum.writeBoolean(3, true);
            });
        }
    }

    private static void writePoints(ProtobufWriter metric, List<MetricPoint> points, MetricReport report) {
        for (MetricPoint each : points) {
            metric.writeMessage(1, point -> {
                if (each.kind() == Kind.SUM) {
                    point.writeFixed64(2, TimeUnit.MILLISECONDS.toNanos(report.fromMillis()));
                }
                point.writeFixed64(3, TimeUnit.MILLISECONDS.toNanos(report.toMillis()));
                point.writeDouble(4, each.value());
                if (!each.subject().isEmpty()) {
                    writeAttribute(point, 7, each.scope().attribute(), each.subject());
                }
            });
        }
    }

    private static void writeAttribute(ProtobufWriter owner, int field, String key, String text) {
        owner.writeMessage(field, attribute -> {
            attribute.writeString(1, key);
            attribute.writeMessage(2, value -> value.writeString(1, text));
        });
    }
}
