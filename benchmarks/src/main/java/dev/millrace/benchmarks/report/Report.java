package dev.millrace.benchmarks.report;

import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.suite.Scenario;
import dev.millrace.benchmarks.suite.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes the report from what was measured last of each scenario. */
public final class Report {

    private Report() {}

    /** Options as {@code name=value}: results (directory of the raw lines), directory (where the report goes). */
    public static void main(String[] args) throws IOException {
        Options options =
                Options.parse(Map.of("results", "results/scenarios", "directory", "../docs/performance"), args);
        write(Path.of(options.text("results")), Path.of(options.text("directory")));
    }

    static void write(Path results, Path directory) throws IOException {
        List<Scenario> scenarios = Scenarios.all();
        Measurements measured = new Measurements(results, scenarios);
        Files.createDirectories(directory);
        List<String> plots = new Plots(measured, directory).draw();
        Files.writeString(directory.resolve("README.md"), new Table(measured).render(scenarios, plots));
    }
}
