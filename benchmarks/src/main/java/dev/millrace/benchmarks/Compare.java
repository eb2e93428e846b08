package dev.millrace.benchmarks;

import dev.millrace.devbroker.DevCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs candidates in turn, A B A B …, each round in a process of its own, against one cluster of real brokers. Prints the
 * raw line of every run.
 */
final class Compare {

    private Compare() {}

    /** Options as {@code name=value}: rounds, nodes, records, bytes, keyed, candidates (comma-separated). */
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>(Map.of(
                "rounds",
                "5",
                "nodes",
                "1",
                "records",
                "1000000",
                "bytes",
                "100",
                "keyed",
                "false",
                "candidates",
                "millrace,kafka-clients"));
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 0 || !options.containsKey(arg.substring(0, equals))) {
                System.err.println("unknown option '" + arg + "': one of " + options.keySet() + ", as name=value");
                System.exit(2);
            }
            options.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        int nodes = Integer.parseInt(option(options, "nodes"));
        try (DevCluster cluster = DevCluster.builder().nodes(nodes).heap(512).start()) {
            cluster.createTopic("benchmark", 4, Math.min(nodes, 3), Map.of("retention.bytes", "268435456"));
            for (int round = 0; round < Integer.parseInt(option(options, "rounds")); round++) {
                for (String candidate : List.of(option(options, "candidates").split(",", -1))) {
                    run(candidate, cluster.bootstrapServers(), options);
                }
            }
        }
    }

    private static void run(String candidate, String bootstrap, Map<String, String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName(),
                candidate,
                bootstrap,
                "benchmark",
                option(options, "records"),
                option(options, "bytes"),
                option(options, "keyed")));
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("run failed: candidate=" + candidate + " exit=" + exit);
        }
    }

    private static String option(Map<String, String> options, String name) {
        return Objects.requireNonNull(options.get(name), name);
    }
}
