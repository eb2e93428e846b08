package dev.millrace.benchmarks.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.Results;
import dev.millrace.benchmarks.run.Workload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures scenarios: candidates in turn, A B C A B C …, each round of each candidate in a process of its own. Every run is a
 * line of JSON, on the output and in {@code results/<scenario>.jsonl}.
 */
public final class Bench {

    private static final String LIST = "list";
    private static final String ALL = "all";
    private static final String UNSET = "";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Options options;
    private final Processors processors;
    private final Machine machine = new Machine();
    private final String session = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final String command;

    private Bench(Options options, String command) {
        this.options = options;
        this.processors = new Processors(options.flag("pin"));
        this.command = command;
    }

    /**
     * Options as {@code name=value}: name (of a scenario, {@code all} or {@code list}), rounds, candidates (instead of the
     * scenario's, comma-separated), pin (processors), strict (the sink judges every batch), jvm (more arguments of the runs,
     * separated by blanks), results (directory), and those of {@link Workload#DEFAULTS} instead of the scenario's.
     */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void main(String[] args) throws Exception {
        Map<String, String> defaults = new HashMap<>(Map.of(
                "name", LIST,
                "rounds", "5",
                "candidates", UNSET,
                "pin", "true",
                "strict", "false",
                "jvm", UNSET,
                "results", UNSET));
        Workload.DEFAULTS.keySet().forEach(name -> defaults.put(name, UNSET));
        Options options = Options.parse(defaults, args);
        if (options.text("name").equals(LIST)) {
            Scenarios.all().forEach(each -> System.out.printf("%-22s %s%n", each.name(), each.title()));
            return;
        }
        Bench bench = new Bench(options, "Bench " + String.join(" ", args));
        for (Scenario scenario : chosen(options.text("name"))) {
            bench.measure(scenario);
        }
    }

    private static List<Scenario> chosen(String names) {
        return names.equals(ALL)
                ? Scenarios.all()
                : List.of(names.split(",", -1)).stream().map(Scenarios::named).toList();
    }

    private void measure(Scenario scenario) throws IOException, InterruptedException {
        List<String> candidates = options.text("candidates").isEmpty()
                ? scenario.candidates()
                : List.of(options.text("candidates").split(",", -1));
        try (Broker broker = open(scenario)) {
            for (int round = 1; round <= options.number("rounds"); round++) {
                for (String candidate : candidates) {
                    ObjectNode line = JSON.createObjectNode();
                    line.put("scenario", scenario.name());
                    line.put("candidate", candidate);
                    line.put("round", round);
                    line.setAll(run(scenario, candidate, broker));
                    line.put("session", session);
                    line.put("pinned", scenario.brokers() == 0 && processors.isPinned());
                    machine.describe(line);
                    line.put("command", command);
                    Results.add(options.text("results"), scenario.name() + ".jsonl", JSON.writeValueAsString(line));
                }
            }
        }
    }

    private Broker open(Scenario scenario) throws IOException {
        if (scenario.brokers() > 0) {
            return new Cluster(scenario.brokers());
        }
        Map<String, String> sink = new HashMap<>(scenario.sink());
        sink.put("strict", options.text("strict"));
        return new SinkProcess(processors, sink);
    }

    private ObjectNode run(Scenario scenario, String candidate, Broker broker)
            throws IOException, InterruptedException {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("candidate", candidate);
        arguments.put("bootstrap", broker.bootstrapServers());
        arguments.putAll(scenario.workload());
        Workload.DEFAULTS.keySet().stream()
                .filter(name -> !options.text(name).isEmpty())
                .forEach(name -> arguments.put(name, options.text(name)));
        List<String> jvm = options.text("jvm").isEmpty()
                ? List.of()
                : List.of(options.text("jvm").split(" ", -1));
        Processors where = scenario.brokers() > 0 ? new Processors(false) : processors;
        broker.report();
        Duration cpuBefore = broker.cpu();
        ObjectNode result = new CandidateProcess(where, jvm, arguments).run();
        Duration cpu = broker.cpu().minus(cpuBefore);
        broker.report().forEach(result::put);
        long records = result.path("allRecords").asLong();
        if (records > 0) {
            result.put("brokerCpuNanosPerRecord", (double) cpu.toNanos() / records);
        }
        return result;
    }
}
