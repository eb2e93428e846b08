package dev.millrace.benchmarks.transactions;

import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.Results;
import dev.millrace.devbroker.DevCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Sends transactions while their coordinators are killed and started again, and while the sending application is killed at
 * random points and started again with the same transactional ids. Then a reader of committed data must see whole
 * transactions only, each once, exactly those that were reported committed; one that was open when its application died may
 * be either. Exits with 1 otherwise.
 */
public final class EndureTransactions {

    private static final int PARTITIONS = 3;

    private EndureTransactions() {}

    /** What a run was, and what came of it. */
    record Run(Verdict verdict, int coordinatorKills, int applicationKills, double seconds, String release) {}

    /**
     * Options as {@code name=value}: transactions, workers, nodes, rate (transactions a second at most, 0 for as fast as it
     * goes), kill (from one killed coordinator to the next), restart (of a killed coordinator: when another one has taken over,
     * {@code moved}, or {@code at-once}), app-kill (a life of the application on average), seed (of those
     * lives), limit (of the sending), results (directory).
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = parse(args);
        Run run = run(options);
        Results.add(options.text("results"), "transactions.jsonl", toJson(run, options));
        run.verdict().violations().stream().limit(50).forEach(System.err::println);
        System.exit(run.verdict().isGood() ? 0 : 1);
    }

    static Options parse(String... args) {
        return Options.parse(
                Map.of(
                        "transactions", "20000",
                        "workers", "8",
                        "nodes", "3",
                        "rate", "50",
                        "kill", "15s",
                        "restart", "moved",
                        "app-kill", "20s",
                        "seed", Long.toString(System.nanoTime() & 0xffff),
                        "limit", "3600s",
                        "results", ""),
                args);
    }

    /** One run. Journals, logs and data stay in the temporary directory if they show a fault. */
    static Run run(Options options) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("endure-transactions");
        Run run;
        try (DevCluster cluster = DevCluster.builder()
                .directory(Files.createDirectory(directory.resolve("cluster")))
                .nodes(options.number("nodes"))
                .heap(384)
                .autoCreateTopics(false)
                .startTimeout(Duration.ofMinutes(3))
                .start()) {
            int replicas = Math.min(options.number("nodes"), 3);
            for (String topic : SentRecord.TOPICS) {
                cluster.createTopic(
                        topic, PARTITIONS, replicas, Map.of("min.insync.replicas", replicas < 3 ? "1" : "2"));
            }
            run = run(cluster, options, directory);
        }
        if (run.verdict().isGood()) {
            delete(directory);
        } else {
            System.err.println("see " + directory);
        }
        return run;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Run run(DevCluster cluster, Options options, Path directory)
            throws IOException, InterruptedException {
        int workers = options.number("workers");
        int perWorker = options.number("transactions") / workers;
        CoordinatorKiller coordinators = new CoordinatorKiller(
                cluster,
                workers,
                options.seconds("kill"),
                options.text("restart").equals("at-once"));
        ApplicationKiller application = new ApplicationKiller(
                List.of(
                        "bootstrap=" + cluster.bootstrapServers(),
                        "directory=" + directory,
                        "workers=" + workers,
                        "transactions=" + perWorker,
                        "rate=" + (options.number("rate") + workers - 1) / workers),
                directory,
                options.seconds("app-kill"),
                options.number("seed"));
        Thread killing = new Thread(coordinators, "coordinator-killer");
        long startNanos = System.nanoTime();
        killing.start();
        int exitCode;
        try {
            exitCode = application.runToTheEnd(options.seconds("limit"));
        } finally {
            coordinators.end();
            killing.join();
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Exception stopped = coordinators.failure();
        if (stopped != null) {
            throw new IOException("the coordinators could not be killed to the end", stopped);
        }
        if (exitCode != 0) {
            throw new IOException("the application ended with " + exitCode + ": " + application.log());
        }
        cluster.start();
        cluster.awaitReady(Duration.ofMinutes(2));
        ReadBack readBack = new ReadBack(cluster);
        Map<Integer, Map<Integer, Fate>> reported = new HashMap<>();
        for (int worker = 0; worker < workers; worker++) {
            reported.put(worker, Journal.read(directory, worker));
        }
        Seen seen = readBack.committed();
        Verdict verdict = Verdict.of(perWorker, reported, seen, readBack.offsets(workers));
        return new Run(verdict, coordinators.kills(), application.kills(), seconds, cluster.release());
    }

    private static String toJson(Run run, Options options) {
        return String.format(
                Locale.ROOT,
                "{\"run\":\"endure-transactions\",\"nodes\":%d,\"workers\":%d,\"rate\":%d,\"restart\":\"%s\",\"coordinatorKills\":%d,"
                        + "\"applicationKills\":%d,\"seed\":%d,\"seconds\":%.1f,%s,\"broker\":\"%s\",\"jdk\":\"%s\",\"cores\":%d}",
                options.number("nodes"),
                options.number("workers"),
                options.number("rate"),
                options.text("restart"),
                run.coordinatorKills(),
                run.applicationKills(),
                options.number("seed"),
                run.seconds(),
                run.verdict().toJsonFields(),
                run.release(),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
    }
}
