package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.internal.telemetry.MetricPoint.Scope;
import java.util.List;
import java.util.function.Predicate;

/**
 * All metrics of a producer at one moment.
 *
 * @param fromMillis where sums begin, milliseconds since the epoch
 * @param toMillis the moment, milliseconds since the epoch
 * @param temporality what {@code fromMillis} is
 * @param points the numbers; an average of nothing is not among them
 */
record MetricReport(long fromMillis, long toMillis, Temporality temporality, List<MetricPoint> points) {

    /** Only the metrics with these names. */
    MetricReport only(Predicate<String> names) {
        return keep(point -> names.test(point.name()));
    }

    /** Without the details of a scope. */
    MetricReport without(Scope scope) {
        return keep(point -> point.scope() != scope);
    }

    private MetricReport keep(Predicate<MetricPoint> kept) {
        return new MetricReport(
                fromMillis, toMillis, temporality, points.stream().filter(kept).toList());
    }
}
