package dev.millrace.benchmarks.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The measures of a run, by name. */
final class Result {

    private final Map<String, String> values = new LinkedHashMap<>();

    void text(String name, String value) {
        values.put(name, '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    void number(String name, long value) {
        values.put(name, Long.toString(value));
    }

    void number(String name, double value) {
        values.put(name, String.format(Locale.ROOT, "%.3f", value));
    }

    /** What each of so many units cost. */
    void usage(Usage used, long units, String unit) {
        number(unit + "s", units);
        number("seconds", used.nanos() / 1e9);
        number(unit + "sPerSecond", units * 1e9 / used.nanos());
        number("cpuNanosPer" + capital(unit), (double) used.cpuNanos() / units);
        number("compilationMillis", used.compilationMillis());
        number("allocatedBytesPer" + capital(unit), (double) used.allocatedBytes() / units);
    }

    /** Latencies in nanoseconds. */
    void latencies(Histogram histogram) {
        number("p50Micros", histogram.getValueAtPercentile(50) / 1e3);
        number("p90Micros", histogram.getValueAtPercentile(90) / 1e3);
        number("p99Micros", histogram.getValueAtPercentile(99) / 1e3);
        number("p999Micros", histogram.getValueAtPercentile(99.9) / 1e3);
        number("maxMicros", histogram.getMaxValue() / 1e3);
    }

    /** One line of JSON. */
    String toJson() {
        StringBuilder json = new StringBuilder("{");
        values.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
        return json.append('}').toString();
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
