package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.internal.telemetry.MetricPoint.Kind;
import dev.millrace.producer.internal.telemetry.MetricPoint.Scope;
import java.util.ArrayList;
import java.util.List;

/** Turns what was counted into points under the names of the reference, and lets the counting begin anew. */
final class PointList {

    private final double seconds;
    private final Temporality temporality;
    private final List<MetricPoint> points = new ArrayList<>();

    private Scope scope = Scope.PRODUCER;
    private String subject = "";

    /** Empty, for a report of what came in these seconds. */
    PointList(double seconds, Temporality temporality) {
        this.seconds = seconds;
        this.temporality = temporality;
    }

    /** The following points are of this node or topic. */
    void of(Scope next, String named) {
        scope = next;
        subject = named;
    }

    /** {@code name-rate} and {@code name-total}. */
    void rateAndTotal(String name, Counter counter) {
        double recent = counter.takeRecent();
        rate(name + "-rate", recent);
        sum(name + "-total", recent, counter.total());
    }

    /** {@code name-total}. */
    void total(String name, Counter counter) {
        sum(name + "-total", counter.takeRecent(), counter.total());
    }

    /** Under this name, how much of the time it was, and under the other the time itself, both of nanoseconds. */
    void ratioAndTotal(String ratio, String total, Counter nanos) {
        double recent = nanos.takeRecent();
        rate(ratio, recent / 1e9);
        sum(total, recent, nanos.total());
    }

    /** {@code name-avg} and {@code name-max}. */
    void averageAndMax(String name, Spread spread) {
        if (!spread.isEmpty()) {
            gauge(name + "-max", spread.max());
        }
        average(name + "-avg", spread);
    }

    /** The average under this name. */
    void average(String name, Spread spread) {
        if (!spread.isEmpty()) {
            gauge(name, spread.average());
        }
        spread.clear();
    }

    void gauge(String name, double value) {
        add(name, Kind.GAUGE, value);
    }

    private void rate(String name, double recent) {
        if (seconds > 0) {
            gauge(name, recent / seconds);
        }
    }

    private void sum(String name, double recent, double total) {
        add(name, Kind.SUM, temporality == Temporality.DELTA ? recent : total);
    }

    private void add(String name, Kind kind, double value) {
        points.add(new MetricPoint(scope, scope.nameOf(name), kind, subject, value));
    }

    List<MetricPoint> points() {
        return List.copyOf(points);
    }
}
