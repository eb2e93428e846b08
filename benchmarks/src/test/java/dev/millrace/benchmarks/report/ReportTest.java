package dev.millrace.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @Test
    void putsMediansOfTheNewestSessionBesideTheirTargets(@TempDir Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(line("2026-01-01T00:00:00Z", "millrace", 1, 9_999));
        for (int round = 1; round <= 3; round++) {
            lines.add(line("2026-01-02T00:00:00Z", "millrace", round, 100 * round));
            lines.add(line("2026-01-02T00:00:00Z", "kafka-clients", round, 1_000));
        }
        Path results = Files.createDirectory(directory.resolve("results"));
        Files.write(results.resolve("no-key-100.jsonl"), lines);

        Report.write(results, directory.resolve("report"));

        assertThat(Files.readString(directory.resolve("report/README.md")))
                .contains("| `cpuNanosPerRecord` | at most 0.33 of kafka-clients | 0.20 | yes |")
                .contains("| `cpuNanosPerRecord` | 200 (100 – 300) | 1 000 (1 000 – 1 000) |")
                .contains("not measured")
                .doesNotContain("9 999");
        assertThat(Files.readString(directory.resolve("report/cpu.svg"))).contains("<svg");
    }

    private static String line(String session, String candidate, int round, int cpuNanos) {
        return String.format(
                Locale.ROOT,
                "{\"scenario\":\"no-key-100\",\"session\":\"%s\",\"candidate\":\"%s\",\"round\":%d,"
                        + "\"cpuNanosPerRecord\":%d}",
                session,
                candidate,
                round,
                cpuNanos);
    }
}
