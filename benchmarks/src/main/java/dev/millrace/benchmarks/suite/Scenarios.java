package dev.millrace.benchmarks.suite;

import static dev.millrace.benchmarks.suite.Candidates.KAFKA;
import static dev.millrace.benchmarks.suite.Candidates.KAFKA_TEMPLATE;
import static dev.millrace.benchmarks.suite.Candidates.LIMIT;
import static dev.millrace.benchmarks.suite.Candidates.MILLRACE;
import static dev.millrace.benchmarks.suite.Candidates.TEMPLATE;
import static dev.millrace.benchmarks.suite.Candidates.TUNED;
import static dev.millrace.benchmarks.suite.Target.above;
import static dev.millrace.benchmarks.suite.Target.atLeast;
import static dev.millrace.benchmarks.suite.Target.atMost;
import static dev.millrace.benchmarks.suite.Target.value;

import java.util.ArrayList;
import java.util.List;

/** Everything that is measured, and what has to be reached. */
public final class Scenarios {

    /** What a sweep over partitions or producers is called before the number. */
    public static final String PARTITIONS = "partitions-";
    /** As {@link #PARTITIONS}. */
    public static final String PRODUCERS = "producers-";

    private static final String CPU = "cpuNanosPerRecord";
    private static final String ALLOCATED = "allocatedBytesPerRecord";
    private static final String RATE = "recordsPerSecond";
    private static final String WIRE = "wireBytesPerRecord";
    private static final String BROKER_CPU = "brokerCpuNanosPerRecord";
    private static final String P50 = "p50Micros";
    private static final String P99 = "p99Micros";
    private static final String P999 = "p999Micros";
    private static final String THREADS = "threads";
    private static final String HELD = "heldBytes";
    private static final String TRANSACTIONS = "transactionsPerSecond";
    private static final int PARTITIONS_RATE = 2_000;
    private static final int LEAST_WARM_UP = 5;
    private static final long BUFFER_BYTES = 32L << 20;
    private static final long ABOVE_BUFFER_BYTES = 16L << 20;

    private static final List<Scenario> ALL = List.copyOf(make());

    private Scenarios() {}

    /** In the order of the report. */
    public static List<Scenario> all() {
        return ALL;
    }

    /**
     * The one with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario '" + name + "'"));
    }

    private static List<Scenario> make() {
        List<Scenario> all = new ArrayList<>();
        addThroughput(all);
        addCompression(all);
        addLatency(all);
        addScaling(all);
        addTransactions(all);
        addFootprint(all);
        addClusters(all);
        return all;
    }

    private static void addThroughput(List<Scenario> all) {
        all.add(Scenario.of("no-key-100", "100 B, no key")
                .candidates(MILLRACE, KAFKA, TUNED, LIMIT)
                .targets(
                        atMost(0.33, CPU, KAFKA),
                        atMost(0.5, CPU, TUNED),
                        atMost(0.33, ALLOCATED, KAFKA),
                        atLeast(2.5, RATE, KAFKA)));
        all.add(Scenario.of("keyed-100", "100 B, keyed")
                .with("keyed", true)
                .candidates(MILLRACE, KAFKA, TUNED, LIMIT)
                .targets(atMost(0.38, CPU, KAFKA), atMost(0.5, CPU, TUNED), atMost(0.33, ALLOCATED, KAFKA)));
        all.add(Scenario.of("no-key-1000", "1 KB, no key")
                .with("bytes", 1_000)
                .candidates(MILLRACE, KAFKA, TUNED, LIMIT)
                .targets(atMost(0.3, CPU, KAFKA)));
        all.add(Scenario.of("threads-8", "eight sending threads, 100 B")
                .with("threads", 8)
                .candidates(MILLRACE, KAFKA, LIMIT)
                .targets(atLeast(3, RATE, KAFKA), atMost(0.33, ALLOCATED, KAFKA)));
        all.add(Scenario.of("template-100", "100 B through the templates")
                .candidates(MILLRACE, TEMPLATE, KAFKA, KAFKA_TEMPLATE)
                .targets(above(80, CPU, TEMPLATE, MILLRACE), above(64, ALLOCATED, TEMPLATE, MILLRACE)));
    }

    private static void addCompression(List<Scenario> all) {
        all.add(Scenario.of("json-none", "JSON of about 330 B, plain")
                .with("json", true)
                .candidates(MILLRACE, KAFKA, LIMIT)
                .targets());
        for (String codec : List.of("lz4", "snappy", "zstd")) {
            all.add(json(codec).targets(atMost(0.55, CPU, KAFKA), atMost(1.02, WIRE, KAFKA)));
        }
        all.add(json("gzip").targets());
    }

    private static Scenario.Builder json(String codec) {
        return Scenario.of("json-" + codec, "JSON of about 330 B, " + codec)
                .with("json", true)
                .with("compression", codec)
                .candidates(MILLRACE, KAFKA, LIMIT);
    }

    private static void addLatency(List<Scenario> all) {
        all.add(Scenario.of("one-by-one", "one record at a time, 100 B")
                .metric(P50)
                .with("mode", "one")
                .sink("spin", true)
                .candidates(MILLRACE, KAFKA, LIMIT)
                .targets(atMost(0.9, P50, KAFKA), atMost(0.8, P99, KAFKA), atMost(0.15, ALLOCATED, KAFKA)));
        all.add(open("open-20000", "20 000 records/s, defaults").targets(openTargets()));
        all.add(open("open-20000-linger-0", "20 000 records/s, linger 0")
                .with("linger", 0)
                .targets(openTargets()));
    }

    private static Scenario.Builder open(String name, String title) {
        return Scenario.of(name, title)
                .metric(P99)
                .with("mode", "open")
                .with("rate", 20_000)
                .sink("spin", true)
                .candidates(MILLRACE, KAFKA, LIMIT);
    }

    private static Target[] openTargets() {
        return new Target[] {atMost(0.5, P99, KAFKA), atMost(0.5, P999, KAFKA), atMost(0.5, CPU, KAFKA)};
    }

    private static void addScaling(List<Scenario> all) {
        all.add(partitions(100).targets());
        all.add(partitions(1_000).targets());
        all.add(partitions(10_000).targets(atMost(0.15, CPU, KAFKA), atMost(1.5, CPU, PARTITIONS + "100:" + MILLRACE)));
        all.add(partitions(50_000).targets(atMost(0.05, CPU, KAFKA), atMost(1.5, CPU, PARTITIONS + "100:" + MILLRACE)));
        all.add(producers(1).targets());
        all.add(producers(10).targets());
        all.add(producers(100).targets(atMost(0.2, CPU, KAFKA), atMost(0.1, THREADS, KAFKA), atMost(0.2, HELD, KAFKA)));
    }

    private static Scenario.Builder partitions(int count) {
        return Scenario.of(PARTITIONS + count, "2 000 records/s over " + count + " partitions")
                .with("mode", "open")
                .with("rate", PARTITIONS_RATE)
                .with("warmup", LEAST_WARM_UP + count / PARTITIONS_RATE) // every partition is in use before it counts
                .with("partitions", count)
                .sink("partitions", count);
    }

    private static Scenario.Builder producers(int count) {
        return Scenario.of(PRODUCERS + count, "20 000 records/s over " + count + " producers")
                .with("mode", "open")
                .with("rate", 20_000)
                .with("producers", count);
    }

    private static void addTransactions(List<Scenario> all) {
        all.add(transactions(1).targets(atLeast(1, TRANSACTIONS, KAFKA)));
        all.add(transactions(16).targets(atLeast(1.5, TRANSACTIONS, KAFKA)));
    }

    private static Scenario.Builder transactions(int concurrency) {
        return Scenario.of("transactions-" + concurrency, "transactions of 10 records, " + concurrency + " at a time")
                .metric(TRANSACTIONS)
                .with("mode", "transactions")
                .with("concurrency", concurrency)
                .sink("spin", true);
    }

    private static void addFootprint(List<Scenario> all) {
        all.add(Scenario.of("first", "first acknowledgement after the start of the JVM")
                .metric("firstMillis")
                .with("mode", "first")
                .targets(atMost(0.6, "firstMillis", KAFKA)));
        all.add(Scenario.of("memory", "memory at full load, a buffer of 32 MB")
                .metric("peakBytes")
                .with("mode", "memory")
                .with("buffer", BUFFER_BYTES)
                .sink("delay", 50)
                .targets(value(BUFFER_BYTES + ABOVE_BUFFER_BYTES, "peakBytes")));
    }

    private static void addClusters(List<Scenario> all) {
        all.add(Scenario.of("cluster-1", "a real node, acks=all, 100 B")
                .metric(RATE)
                .brokers(1)
                .candidates(MILLRACE, KAFKA, TUNED)
                .targets());
        all.add(Scenario.of("cluster-3", "three real nodes, replicated, acks=all, 100 B")
                .metric(RATE)
                .brokers(3)
                .candidates(MILLRACE, KAFKA, TUNED)
                .targets(atLeast(3, RATE, KAFKA), atMost(0.5, BROKER_CPU, KAFKA), atLeast(1.2, RATE, TUNED)));
    }
}
