package dev.millrace.benchmarks.report;

import dev.millrace.benchmarks.suite.Scenario;
import dev.millrace.benchmarks.suite.Target;
import dev.millrace.benchmarks.suite.Target.Rule;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** The report in Markdown: what had to be reached, and all medians. */
final class Table {

    private static final List<String> METRICS = List.of(
            "cpuNanosPerRecord",
            "cpuNanosPerTransaction",
            "recordsPerSecond",
            "transactionsPerSecond",
            "allocatedBytesPerRecord",
            "allocatedBytesPerTransaction",
            "p50Micros",
            "p99Micros",
            "p999Micros",
            "wireBytesPerRecord",
            "recordsPerBatch",
            "brokerCpuNanosPerRecord",
            "firstMillis",
            "threads",
            "heldBytes",
            "peakBytes");

    private final Measurements measured;
    private final StringBuilder text = new StringBuilder();

    Table(Measurements measured) {
        this.measured = measured;
    }

    String render(List<Scenario> scenarios, List<String> plots) {
        text.append("# What was measured\n\n")
                .append("Made by `make bench-report` from [the raw lines](../../benchmarks/results/scenarios); how,"
                        + " and what it means: [performance](../performance.md). Medians of the rounds, with the"
                        + " least and the most of them.\n\n");
        conditions(scenarios);
        targets(scenarios);
        plots.forEach(plot ->
                text.append("\n![").append(plot).append("](").append(plot).append(")\n"));
        scenarios.stream().filter(each -> measured.has(each.name())).forEach(this::medians);
        return text.toString();
    }

    private void conditions(List<Scenario> scenarios) {
        TreeSet<String> conditions = new TreeSet<>();
        for (Scenario scenario : scenarios) {
            String name = scenario.name();
            if (measured.has(name)) {
                conditions.add(measured.text(name, "processor") + ", " + measured.text(name, "cores") + " cores; "
                        + measured.text(name, "system") + "; " + measured.text(name, "jdk"));
            }
        }
        conditions.forEach(each -> text.append("- ").append(each).append('\n'));
    }

    private void targets(List<Scenario> scenarios) {
        text.append(
                "\n## Targets\n\n| work | measure | target | measured | reached |\n| --- | --- | --- | --- | --- |\n");
        for (Scenario scenario : scenarios) {
            for (Target target : scenario.targets()) {
                OptionalDouble compared = compare(scenario.name(), target);
                text.append("| ").append(scenario.title());
                text.append(" | `").append(target.metric()).append('`');
                if (!target.candidate().equals("millrace")) {
                    text.append(" of ").append(target.candidate());
                }
                text.append(" | ").append(target.text()).append(" | ");
                if (compared.isPresent()) {
                    double value = compared.getAsDouble();
                    text.append(number(value, isRatio(target) ? 2 : 0))
                            .append(" | ")
                            .append(target.isReached(value) ? "yes" : "**no**");
                } else {
                    text.append("not measured | ");
                }
                text.append(" |\n");
            }
        }
    }

    private static boolean isRatio(Target target) {
        return target.rule() == Rule.RATIO_AT_LEAST || target.rule() == Rule.RATIO_AT_MOST;
    }

    private OptionalDouble compare(String scenario, Target target) {
        OptionalDouble own = measured.median(scenario, target.candidate(), target.metric());
        if (own.isEmpty() || target.rule() == Rule.VALUE_AT_MOST) {
            return own;
        }
        int colon = target.rival().indexOf(':');
        String where = colon < 0 ? scenario : target.rival().substring(0, colon);
        OptionalDouble other = measured.median(where, target.rival().substring(colon + 1), target.metric());
        return other.isEmpty() ? other : OptionalDouble.of(target.compare(own.getAsDouble(), other.getAsDouble()));
    }

    private void medians(Scenario scenario) {
        String name = scenario.name();
        List<String> metrics = METRICS.stream()
                .filter(metric -> measured.candidates(name).stream()
                        .anyMatch(candidate ->
                                measured.median(name, candidate, metric).isPresent()))
                .toList();
        text.append("\n## ").append(scenario.title()).append("\n\n");
        text.append("`make bench NAME=").append(name).append("`; ");
        text.append(measured.rounds(name)).append(" rounds at revision ").append(measured.text(name, "revision"));
        text.append(", ").append(measured.text(name, "session")).append("\n\n| |");
        measured.candidates(name)
                .forEach(candidate -> text.append(' ').append(candidate).append(" |"));
        text.append("\n| --- |")
                .append(" --- |".repeat(measured.candidates(name).size()))
                .append('\n');
        for (String metric : metrics) {
            text.append("| `").append(metric).append("` |");
            measured.candidates(name).forEach(candidate -> text.append(' ')
                    .append(cell(name, candidate, metric))
                    .append(" |"));
            text.append('\n');
        }
    }

    private String cell(String scenario, String candidate, String metric) {
        OptionalDouble median = measured.median(scenario, candidate, metric);
        if (median.isEmpty()) {
            return "";
        }
        double[] values = measured.values(scenario, candidate, metric);
        int digits = median.getAsDouble() < 100 ? 1 : 0;
        return number(median.getAsDouble(), digits) + " (" + number(values[0], digits) + " – "
                + number(values[values.length - 1], digits) + ')';
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value).replace(',', ' ');
    }
}
