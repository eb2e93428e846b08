package dev.millrace.benchmarks.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an operation of the micro-benchmarks may cost: the table in {@code budgets.md}. */
public final class Budgets {

    private Budgets() {}

    /**
     * A row of the table.
     *
     * @param benchmark class and method, as {@code DrainBenchmark.drain}
     * @param bytes allocated by one operation at most
     * @param times how many times as long as the baseline operation of the same run it may take
     */
    public record Budget(String benchmark, double bytes, double times) {}

    /** Reads the table's rows. */
    public static List<Budget> read(Path file) throws IOException {
        List<Budget> budgets = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length >= 4 && cells[1].contains("Benchmark.")) {
                budgets.add(new Budget(
                        cells[1].replace("`", "").strip(),
                        Double.parseDouble(cells[2].strip()),
                        Double.parseDouble(cells[3].strip())));
            }
        }
        return budgets;
    }
}
