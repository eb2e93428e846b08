package dev.millrace.benchmarks.micro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A short run of the micro-benchmarks with allocation profiling: enough for bytes and ratios, not for absolute times. */
public final class MicroRun {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private MicroRun() {}

    /**
     * What one operation cost.
     *
     * @param benchmark class and method
     * @param nanos its time
     * @param bytes what it has allocated
     */
    public record Cost(String benchmark, double nanos, double bytes) {}

    /** Runs every benchmark of this package whose name has the given part, with the first of each of its parameters. */
    public static List<Cost> run(String namePart) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\.micro\\..*" + namePart)
                        .param("valueBytes", "100")
                        .addProfiler(GCProfiler.class)
                        .forks(1)
                        .jvmArgs("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC")
                        .warmupIterations(3)
                        .warmupTime(TimeValue.milliseconds(400))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(300))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        List<Cost> costs = new ArrayList<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            int method = name.lastIndexOf('.');
            costs.add(new Cost(
                    name.substring(name.lastIndexOf('.', method - 1) + 1),
                    result.getPrimaryResult().getScore(),
                    Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATION), ALLOCATION)
                            .getScore()));
        }
        return costs;
    }

    /** Prints what {@link #run} finds; the argument is a part of a name, or nothing. */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void main(String[] args) throws RunnerException {
        List<Cost> costs = run(args.length == 0 ? "" : args[0]);
        double baseline = costs.stream()
                .filter(cost -> cost.benchmark().equals("BaselineBenchmark.copy"))
                .mapToDouble(Cost::nanos)
                .findFirst()
                .orElse(Double.NaN);
        for (Cost cost : costs) {
            System.out.printf(
                    "%-40s %8.1f ns %8.1f B %6.2f x%n",
                    cost.benchmark(), cost.nanos(), cost.bytes(), cost.nanos() / baseline);
        }
    }
}
