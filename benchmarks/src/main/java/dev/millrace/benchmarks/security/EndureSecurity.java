package dev.millrace.benchmarks.security;

import dev.millrace.benchmarks.NumberedRecords;
import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.Pace;
import dev.millrace.benchmarks.Streams;
import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevListener;
import dev.millrace.devbroker.DevMechanism;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.producer.Producer;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends records over TLS with client certificates and SCRAM, in sessions of 30 s, while certificates and password change.
 * No future may fail, no connection may outlive a change by more than 30 s, and all records must be read back, once and in
 * order. Exits with 1 otherwise.
 */
final class EndureSecurity {

    private static final String TOPIC = "endurance";
    private static final String LISTENER = "SECURE";
    private static final String USER = "endure";
    private static final String FIRST_PASSWORD = "first password";
    private static final int PARTITIONS = 6;

    private EndureSecurity() {}

    /**
     * Options as {@code name=value}: duration ({@code 10m} or {@code 90s}), rate (records a second), nodes, session (of
     * SASL, {@code 30s}), bytes (of a value, at least 8), results (directory).
     */
    public static void main(String[] args) throws Exception {
        Options options = Options.parse(
                Map.of(
                        "duration",
                        "10m",
                        "rate",
                        "10000",
                        "nodes",
                        "3",
                        "session",
                        "30s",
                        "bytes",
                        "100",
                        "results",
                        ""),
                args);
        DevCertificates authority = DevCertificates.create("authority-0");
        boolean isGood;
        try (DevCluster cluster = DevCluster.builder()
                .nodes(options.number("nodes"))
                .heap(512)
                .autoCreateTopics(false)
                .startTimeout(Duration.ofMinutes(3))
                .user(USER, FIRST_PASSWORD)
                .listener(
                        LISTENER,
                        DevListener.tls(authority.broker())
                                .clientCertificates(authority.authority())
                                .sasl(DevMechanism.SCRAM_SHA_512)
                                .sessions(options.seconds("session")))
                .start()) {
            int replicas = Math.min(options.number("nodes"), 3);
            cluster.createTopic(TOPIC, PARTITIONS, replicas, Map.of("retention.ms", "-1"));
            isGood = run(cluster, authority, options);
        }
        System.exit(isGood ? 0 : 1);
    }

    private static boolean run(DevCluster cluster, DevCertificates authority, Options options)
            throws IOException, InterruptedException {
        LongAdder acknowledged = new LongAdder();
        LongAdder failures = new LongAdder();
        OpenConnections connections = new OpenConnections();
        ChangingPassword password = new ChangingPassword(USER, FIRST_PASSWORD);
        ClientFiles files = ClientFiles.create();
        files.show(authority.client("producer"));
        files.trust(authority.authority());
        Duration duration = options.seconds("duration");
        SecurityChanges changes =
                new SecurityChanges(cluster, LISTENER, USER, authority, files, password, connections, duration);
        long startNanos = System.nanoTime();
        long sent;
        try (Producer<byte[], byte[]> producer = Producers.builder(
                        config(cluster, files, password), Serializers.bytes(), Serializers.bytes())
                .observer(connections)
                .open()) {
            Thread thread = new Thread(changes, "security-changes");
            thread.start();
            sent = NumberedRecords.send(
                    producer,
                    TOPIC,
                    options.number("bytes"),
                    new Pace(options.number("rate")),
                    soFar -> System.nanoTime() - startNanos < duration.toNanos() || thread.isAlive(),
                    acknowledged,
                    failures);
            producer.flush();
            changes.end();
            thread.join();
        } finally {
            files.delete();
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Exception stopped = changes.failure();
        if (stopped != null) {
            throw new IOException("the security could not be changed to the end", stopped);
        }
        Streams streams = new Streams();
        long read = NumberedRecords.readAll(cluster, TOPIC, streams);
        Report report = new Report(
                sent,
                seconds,
                acknowledged.sum(),
                failures.sum(),
                read,
                connections.opened(),
                streams,
                changes.changes());
        report.print(options, cluster.release());
        return report.isGood();
    }

    private static ProducerConfig config(DevCluster cluster, ClientFiles files, ChangingPassword password) {
        return ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers(LISTENER))
                .securityProtocol(SecurityProtocol.SASL_SSL)
                .tls(files.source())
                .saslMechanism(SaslMechanism.SCRAM_SHA_512)
                .saslCredentials(password)
                .build();
    }
}
