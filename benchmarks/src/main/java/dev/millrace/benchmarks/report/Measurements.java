package dev.millrace.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.benchmarks.suite.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** What was measured last of each scenario: the lines of the newest session in its file. */
final class Measurements {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<JsonNode>> lines = new LinkedHashMap<>();

    Measurements(Path directory, List<Scenario> scenarios) throws IOException {
        for (Scenario scenario : scenarios) {
            Path file = directory.resolve(scenario.name() + ".jsonl");
            if (Files.exists(file)) {
                lines.put(scenario.name(), newest(file));
            }
        }
    }

    private static List<JsonNode> newest(Path file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                all.add(JSON.readTree(line));
            }
        }
        String newest = all.stream()
                .map(line -> line.path("session").asText())
                .max(String::compareTo)
                .orElse("");
        return all.stream()
                .filter(line -> line.path("session").asText().equals(newest))
                .toList();
    }

    boolean has(String scenario) {
        return !lines.getOrDefault(scenario, List.of()).isEmpty();
    }

    /** In the order of the first round. */
    Set<String> candidates(String scenario) {
        Set<String> names = new LinkedHashSet<>();
        lines.getOrDefault(scenario, List.of())
                .forEach(line -> names.add(line.path("candidate").asText()));
        return names;
    }

    /** How often each candidate ran. */
    int rounds(String scenario) {
        return lines.getOrDefault(scenario, List.of()).stream()
                .mapToInt(line -> line.path("round").asInt())
                .max()
                .orElse(0);
    }

    /** The median of the rounds; empty if it was not measured. */
    OptionalDouble median(String scenario, String candidate, String metric) {
        double[] values = values(scenario, candidate, metric);
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = values.length / 2;
        return OptionalDouble.of(values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
    }

    /** All rounds, ascending. */
    double[] values(String scenario, String candidate, String metric) {
        double[] values = lines.getOrDefault(scenario, List.of()).stream()
                .filter(line -> line.path("candidate").asText().equals(candidate))
                .filter(line -> line.has(metric))
                .mapToDouble(line -> line.path(metric).asDouble())
                .toArray();
        Arrays.sort(values);
        return values;
    }

    /** A text that is the same for all lines, of the first one. */
    String text(String scenario, String name) {
        return lines.getOrDefault(scenario, List.of()).stream()
                .map(line -> line.path(name).asText())
                .findFirst()
                .orElse("");
    }
}
