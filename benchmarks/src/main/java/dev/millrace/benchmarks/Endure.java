package dev.millrace.benchmarks;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.Producer;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends records while leaders are killed and started again, then reads everything back with Kafka's own consumer: none may
 * be missing, doubled or, within a key, out of order, and no future may have failed. Exits with 1 otherwise.
 */
final class Endure {

    private static final String TOPIC = "endurance";
    private static final int PARTITIONS = 6;

    private Endure() {}

    /**
     * Options as {@code name=value}: records, nodes, kill (pause between kills, {@code 20s}), bytes (of a value, at least
     * 8), rate (records a second at most, 0 for as fast as it goes), results (directory).
     */
    public static void main(String[] args) throws Exception {
        Options options = Options.parse(
                Map.of("records", "10000000", "nodes", "3", "kill", "20s", "bytes", "100", "rate", "0", "results", ""),
                args);
        boolean isGood;
        try (DevCluster cluster = DevCluster.builder()
                .nodes(options.number("nodes"))
                .heap(512)
                .autoCreateTopics(false)
                .startTimeout(Duration.ofMinutes(3))
                .start()) {
            int replicas = Math.min(options.number("nodes"), 3);
            cluster.createTopic(
                    TOPIC,
                    PARTITIONS,
                    replicas,
                    Map.of("min.insync.replicas", replicas < 3 ? "1" : "2", "retention.ms", "-1"));
            isGood = run(cluster, options);
        }
        System.exit(isGood ? 0 : 1);
    }

    private static boolean run(DevCluster cluster, Options options) throws IOException, InterruptedException {
        long records = options.number("records");
        LongAdder failures = new LongAdder();
        LongAdder acknowledged = new LongAdder();
        long startNanos = System.nanoTime();
        LeaderKiller killer;
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers())
                .maxBlock(Duration.ofMinutes(10))
                .deliveryTimeout(Duration.ofMinutes(10))
                .build();
        try (Producer<byte[], byte[]> producer = Producers.open(config, Serializers.bytes(), Serializers.bytes())) {
            killer = new LeaderKiller(cluster, producer, TOPIC, options.seconds("kill"));
            Thread thread = new Thread(killer, "leader-killer");
            thread.start();
            NumberedRecords.send(
                    producer,
                    TOPIC,
                    options.number("bytes"),
                    new Pace(options.number("rate")),
                    sent -> sent < records,
                    acknowledged,
                    failures);
            producer.flush();
            killer.end();
            thread.join();
        }
        long sendNanos = System.nanoTime() - startNanos;
        Exception stopped = killer.failure();
        if (stopped != null) {
            throw new IOException("the leaders could not be killed to the end", stopped);
        }
        cluster.awaitReady(Duration.ofMinutes(2));
        Streams streams = new Streams();
        long read = NumberedRecords.readAll(cluster, TOPIC, streams);
        long missing = streams.missing(records);
        Results.add(
                options.text("results"),
                "endurance.jsonl",
                String.format(
                        Locale.ROOT,
                        "{\"run\":\"endure\",\"records\":%d,\"nodes\":%d,\"valueBytes\":%d,\"kills\":%d,"
                                + "\"seconds\":%.1f,\"recordsPerSecond\":%.0f,\"acknowledged\":%d,\"failedFutures\":%d,"
                                + "\"read\":%d,\"missing\":%d,\"doubled\":%d,\"outOfOrder\":%d,\"broker\":\"%s\","
                                + "\"jdk\":\"%s\",\"cores\":%d}",
                        records,
                        cluster.nodes(),
                        options.number("bytes"),
                        killer.kills(),
                        sendNanos / 1e9,
                        records * 1e9 / sendNanos,
                        acknowledged.sum(),
                        failures.sum(),
                        read,
                        missing,
                        streams.doubled(),
                        streams.disordered(),
                        cluster.release(),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors()));
        return missing == 0
                && streams.doubled() == 0
                && streams.disordered() == 0
                && failures.sum() == 0
                && acknowledged.sum() == records;
    }
}
