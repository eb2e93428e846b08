package dev.millrace.samples.quickstart.tryit;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints the outcome of a run. */
final class Report {
    private static final int MAX_DIFFERENCES = 20;

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void ways(List<Timing> timings, List<SentOrder> orders) {
        row("way", "%16s%16s%16s%16s%16s", "sent", "acknowledged", "failed", "seconds", "orders/s");
        for (Timing timing : timings) {
            List<SentOrder> ofWay =
                    orders.stream().filter(order -> order.way() == timing.way()).toList();
            row(
                    timing.way().toString(),
                    "%,16d%,16d%,16d%16.2f%,16.0f",
                    ofWay.size(),
                    ofWay.stream().filter(SentOrder::isAcknowledged).count(),
                    ofWay.stream().filter(SentOrder::isFailed).count(),
                    timing.duration().toMillis() / 1e3,
                    timing.perSecond(ofWay.size()));
        }
        out.println();
    }

    void verdict(Verdict verdict) {
        String titles = "%9s%14s%11s%9s%9s%14s%13s";
        row(
                "partition",
                titles,
                "sent",
                "acknowledged",
                "read back",
                "missing",
                "doubled",
                "out of order",
                "wrong place");
        PartitionCounts total = new PartitionCounts();
        verdict.partitions().forEach((partition, counts) -> {
            counts(partition < 0 ? "none" : partition.toString(), counts);
            total.add(counts);
        });
        counts("all", total);
        out.println();
        differences(verdict.differences());
    }

    private void differences(List<String> differences) {
        if (differences.isEmpty()) {
            out.println("No difference: every order was read back once, in order, where it was acknowledged.");
            return;
        }
        out.println(differences.size() + " differences:");
        differences.stream().limit(MAX_DIFFERENCES).forEach(difference -> out.println("  " + difference));
        if (differences.size() > MAX_DIFFERENCES) {
            out.println("  and " + (differences.size() - MAX_DIFFERENCES) + " more");
        }
    }

    private void counts(String name, PartitionCounts counts) {
        row(
                name,
                "%,9d%,14d%,11d%,9d%,9d%,14d%,13d",
                counts.sent,
                counts.acknowledged,
                counts.readBack,
                counts.missing,
                counts.doubled,
                counts.outOfOrder,
                counts.wrongPlace);
    }

    @SuppressWarnings("FormatStringAnnotation")
    private void row(String name, String format, Object... columns) {
        out.println(String.format(Locale.ROOT, "%-16s", name) + String.format(Locale.ROOT, format, columns));
    }
}
