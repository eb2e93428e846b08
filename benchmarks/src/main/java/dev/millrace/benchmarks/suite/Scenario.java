package dev.millrace.benchmarks.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that is measured.
 *
 * @param name what {@code make bench NAME=} takes, and the name of the file with the results
 * @param title in words
 * @param metric the measure that stands for it in plots
 * @param brokers nodes of a real cluster; 0 is the sink
 * @param workload options of the run that are not as usual
 * @param sink options of the sink that are not as usual
 * @param candidates who takes part, in the order of a round
 * @param targets what has to be reached
 */
public record Scenario(
        String name,
        String title,
        String metric,
        int brokers,
        Map<String, String> workload,
        Map<String, String> sink,
        List<String> candidates,
        List<Target> targets) {

    /** Begins a scenario against the sink. */
    static Builder of(String name, String title) {
        return new Builder(name, title);
    }

    /** Collects the parts. */
    static final class Builder {
        private final String name;
        private final String title;
        private String metric = "cpuNanosPerRecord";
        private int brokers;
        private final Map<String, String> workload = new LinkedHashMap<>();
        private final Map<String, String> sink = new LinkedHashMap<>();
        private List<String> candidates = List.of(Candidates.MILLRACE, Candidates.KAFKA);
        private List<Target> targets = List.of();

        private Builder(String name, String title) {
            this.name = name;
            this.title = title;
        }

        Builder metric(String measure) {
            metric = measure;
            return this;
        }

        Builder brokers(int nodes) {
            brokers = nodes;
            return this;
        }

        Builder with(String option, Object value) {
            workload.put(option, value.toString());
            return this;
        }

        Builder sink(String option, Object value) {
            sink.put(option, value.toString());
            return this;
        }

        Builder candidates(String... names) {
            candidates = List.of(names);
            return this;
        }

        Scenario targets(Target... what) {
            targets = List.of(what);
            return new Scenario(
                    name, title, metric, brokers, Map.copyOf(workload), Map.copyOf(sink), candidates, targets);
        }
    }
}
