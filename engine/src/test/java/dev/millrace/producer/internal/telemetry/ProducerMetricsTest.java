package dev.millrace.producer.internal.telemetry;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.telemetry.MetricPoint.Kind;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ConnectionChange.Event;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.StageTimes;
import dev.millrace.producer.observe.TransactionEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.internals.SenderMetricsRegistry;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.telemetry.internals.TelemetryMetricNamingConvention;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProducerMetricsTest {

    private static final String DOMAIN = "org.apache.kafka.";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final long MILLISECOND = 1_000_000;
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private static final int BYTES = 1_000; // every size
    private static final long NANOS = 7 * MILLISECOND; // every time

    /** What is wanting beside the rows of docs/metrics.md that have no source. */
    private static final String LARGEST_RECORD = "record-size-max";

    private long nowNanos = 100;
    private final ProducerMetrics metrics =
            new ProducerMetrics(() -> nowNanos, () -> START_MILLIS + nowNanos / MILLISECOND);

    @Test
    @Tag("row-117")
    void hasTheNamesOfTheReferenceThatHaveASource() throws IOException {
        Set<String> withoutSource = namesWithoutSource();
        Set<String> expected = reference().keySet().stream()
                .filter(name -> !name.name().equals(LARGEST_RECORD))
                .filter(name -> !withoutSource.contains(withoutStatistic(name.name())))
                .map(ProducerMetricsTest::telemetryName)
                .collect(toCollection(TreeSet::new));

        everythingOnce();

        assertThat(new TreeSet<>(report(Temporality.CUMULATIVE).keySet())).isEqualTo(expected);
        assertThat(expected).hasSizeGreaterThan(60);
    }

    @Test
    void addsTheTimesOfTheRequestsOfTransactions() {
        metrics.onRequestEnded(request("INIT_PRODUCER_ID", 5));
        metrics.onRequestEnded(request("ADD_OFFSETS_TO_TXN", 30));
        metrics.onRequestEnded(request("TXN_OFFSET_COMMIT", 7));
        metrics.onRequestEnded(request("END_TXN", 1000));

        Map<String, MetricPoint> all = byName(metrics.report(state(), Temporality.CUMULATIVE));

        assertThat(value(all, "producer.txn.init.time.ns.total")).isEqualTo(5);
        assertThat(value(all, "producer.txn.send.offsets.time.ns.total")).isEqualTo(37);
    }

    @Test
    @Tag("row-117")
    void hasTheUnitsOfTheReference() throws IOException {
        everythingOnce();
        Map<String, MetricPoint> ours = report(Temporality.CUMULATIVE);

        Set<String> units = new HashSet<>();
        reference().forEach((name, description) -> {
            MetricPoint point = ours.get(telemetryName(name));
            if (point == null || name.name().matches("txn-(init|send-offsets)-.*")) {
                return; // these come from requests of their own, see below
            }
            String text = description + " " + name.name();
            if (text.contains("nanoseconds")) {
                units.add("ns");
                assertThat(point.value()).as(text).isEqualTo(NANOS);
            } else if (text.contains(" in ms") || text.contains("latency")) {
                units.add("ms");
                assertThat(point.value()).as(text).isEqualTo(7);
            } else if (text.contains("in seconds")) {
                units.add("s");
                assertThat(point.value()).as(text).isEqualTo(0.007);
            } else if (text.contains("fraction")) {
                units.add("1");
                assertThat(point.value()).as(text).isEqualTo(0.007);
            } else if (!text.contains("ratio") && (text.contains("byte") || text.contains("size"))) {
                units.add("B");
                assertThat(point.value()).as(text).isEqualTo(BYTES);
            }
        });

        assertThat(units).containsExactlyInAnyOrder("ns", "ms", "s", "1", "B");
    }

    @Test
    @Tag("row-117")
    void countsRecordsOnceAndByTopic() {
        metrics.onBatchEnded(batch("orders", 3, null));
        metrics.onBatchEnded(batch("orders", 2, failure()));
        metrics.onBatchEnded(batch("bills", 4, null));
        metrics.onRecordRefused(new RecordRefusal("bills", -1, failure()));
        metrics.onBatchRetried(new BatchRetry(PARTITION, 3, 1, 1, ErrorCode.NOT_LEADER_OR_FOLLOWER));
        nowNanos += Duration.ofSeconds(10).toNanos();

        MetricReport report = metrics.report(state(), Temporality.CUMULATIVE);

        Map<String, MetricPoint> all = byName(report);
        assertThat(value(all, "producer.record.send.total")).isEqualTo(7);
        assertThat(value(all, "producer.record.send.rate")).isEqualTo(0.7);
        assertThat(value(all, "producer.record.error.total")).isEqualTo(3);
        assertThat(value(all, "producer.record.retry.total")).isEqualTo(3);
        assertThat(value(all, "producer.buffer.exhausted.total")).isEqualTo(1);
        assertThat(value(report, "producer.topic.record.send.total", "orders")).isEqualTo(3);
        assertThat(value(report, "producer.topic.record.error.total", "orders")).isEqualTo(2);
        assertThat(value(report, "producer.topic.record.send.total", "bills")).isEqualTo(4);
        assertThat(value(report, "producer.topic.record.error.total", "bills")).isEqualTo(1);
    }

    @Test
    void sumsBeginWhereTheTemporalitySays() {
        metrics.onBatchEnded(batch("orders", 3, null));
        nowNanos += Duration.ofSeconds(10).toNanos();
        MetricReport first = metrics.report(state(), Temporality.DELTA);
        metrics.onBatchEnded(batch("orders", 2, null));
        nowNanos += Duration.ofSeconds(5).toNanos();
        MetricReport second = metrics.report(state(), Temporality.DELTA);
        metrics.onBatchEnded(batch("orders", 1, null));
        MetricReport third = metrics.report(state(), Temporality.CUMULATIVE);

        String name = "producer.record.send.total";
        assertThat(value(byName(first), name)).isEqualTo(3);
        assertThat(value(byName(second), name)).isEqualTo(2);
        assertThat(value(byName(third), name)).isEqualTo(6);
        assertThat(first.fromMillis()).isEqualTo(START_MILLIS);
        assertThat(first.toMillis()).isEqualTo(START_MILLIS + 10_000);
        assertThat(second.fromMillis()).isEqualTo(START_MILLIS + 10_000);
        assertThat(second.toMillis()).isEqualTo(START_MILLIS + 15_000);
        assertThat(third.fromMillis()).isEqualTo(START_MILLIS);
        assertThat(first.points())
                .filteredOn(point -> point.name().endsWith(".total"))
                .extracting(MetricPoint::kind)
                .containsOnly(Kind.SUM);
        assertThat(first.points())
                .filteredOn(point -> !point.name().endsWith(".total"))
                .extracting(MetricPoint::kind)
                .containsOnly(Kind.GAUGE);
    }

    @Test
    void averagesAndMaximaAreThoseSinceTheLastReport() {
        metrics.onRequestEnded(request(1, 10 * MILLISECOND));
        metrics.onRequestEnded(request(2, 20 * MILLISECOND));
        MetricReport both = metrics.report(state(), Temporality.DELTA);
        Map<String, MetricPoint> first = byName(both);
        metrics.onRequestEnded(request(1, 2 * MILLISECOND));
        Map<String, MetricPoint> second = report(Temporality.DELTA);
        Map<String, MetricPoint> third = report(Temporality.DELTA);

        assertThat(value(first, "producer.request.latency.avg")).isEqualTo(15);
        assertThat(value(first, "producer.request.latency.max")).isEqualTo(20);
        assertThat(value(both, "producer.node.request.latency.max", "node-1")).isEqualTo(10);
        assertThat(value(second, "producer.request.latency.avg")).isEqualTo(2);
        assertThat(value(second, "producer.request.latency.max")).isEqualTo(2);
        assertThat(third.keySet()).noneMatch(name -> name.contains("latency") || name.contains("size.avg"));
    }

    @Test
    void anAttemptToConnectThatFailsIsNoConnection() {
        metrics.onConnectionChanged(change(1, Event.CONNECTING));
        metrics.onConnectionChanged(change(1, Event.LOST));
        metrics.onConnectionChanged(change(2, Event.CONNECTING));
        metrics.onConnectionChanged(change(2, Event.READY));
        metrics.onConnectionChanged(change(3, Event.CLOSED)); // it was there before the counting began
        Map<String, MetricPoint> all = report(Temporality.CUMULATIVE);

        assertThat(value(all, "producer.connection.creation.total")).isEqualTo(1);
        assertThat(value(all, "producer.connection.close.total")).isEqualTo(1);
    }

    @Test
    void authenticationsAreCountedByTheirEndAndKind() {
        metrics.onAuthentication(new AuthenticationEnd(1, "b1:9092", false, 90 * MILLISECOND, null));
        metrics.onAuthentication(new AuthenticationEnd(2, "b2:9092", false, 90 * MILLISECOND, null));
        metrics.onAuthentication(new AuthenticationEnd(3, "b3:9092", false, 0, "wrong password"));
        metrics.onAuthentication(new AuthenticationEnd(1, "b1:9092", true, 10 * MILLISECOND, null));
        metrics.onAuthentication(new AuthenticationEnd(1, "b1:9092", true, 40 * MILLISECOND, null));
        metrics.onAuthentication(new AuthenticationEnd(1, "b1:9092", true, 10 * MILLISECOND, null));
        metrics.onAuthentication(new AuthenticationEnd(2, "b2:9092", true, 0, "wrong password"));
        Map<String, MetricPoint> all = report(Temporality.CUMULATIVE);

        assertThat(value(all, "producer.successful.authentication.total")).isEqualTo(2);
        assertThat(value(all, "producer.failed.authentication.total")).isEqualTo(1);
        assertThat(value(all, "producer.successful.reauthentication.total")).isEqualTo(3);
        assertThat(value(all, "producer.failed.reauthentication.total")).isEqualTo(1);
        assertThat(value(all, "producer.reauthentication.latency.avg")).isEqualTo(20);
        assertThat(value(all, "producer.reauthentication.latency.max")).isEqualTo(40);
    }

    @Test
    void statesAreThoseOfTheSnapshot() {
        Map<String, MetricPoint> all = report(Temporality.CUMULATIVE);

        assertThat(value(all, "producer.buffer.available.bytes")).isEqualTo(BYTES);
        assertThat(value(all, "producer.requests.in.flight")).isEqualTo(5);
        assertThat(value(all, "producer.connection.count")).isEqualTo(1);
        assertThat(value(all, "producer.waiting.threads")).isEqualTo(4);
    }

    /** One event of each kind, with {@link #BYTES} and {@link #NANOS} wherever there is room for them, in a second. */
    private void everythingOnce() {
        metrics.onBatchEnded(batch("orders", 1, null));
        metrics.onBatchRetried(new BatchRetry(PARTITION, 1, 1, 1, ErrorCode.NOT_LEADER_OR_FOLLOWER));
        metrics.onBatchSplit(new BatchSplit(PARTITION, 2, BYTES, 2));
        metrics.onBufferWait(new BufferWait("orders", NANOS, true));
        metrics.onRecordRefused(new RecordRefusal("orders", 0, failure()));
        metrics.onRequestEnded(request(1, NANOS));
        metrics.onTransaction(new TransactionEnd("shop-0", TransactionEnd.Result.COMMITTED, 1, NANOS));
        metrics.onTransaction(new TransactionEnd("shop-0", TransactionEnd.Result.ABORTED, 1, NANOS));
        metrics.onConnectionChanged(change(1, Event.CONNECTING));
        metrics.onConnectionChanged(change(1, Event.READY));
        metrics.onAuthentication(new AuthenticationEnd(1, "b1:9092", false, NANOS, null));
        metrics.onAuthentication(new AuthenticationEnd(1, "b1:9092", true, NANOS, null));
        nowNanos += Duration.ofSeconds(1).toNanos();
    }

    private static RequestEnd request(String api, long latencyNanos) {
        return new RequestEnd(1, "b1:9092", api, 3, BYTES, BYTES, latencyNanos, 0, true);
    }

    private static BatchEnd batch(String topic, int records, @Nullable BufferExhaustedException failure) {
        return new BatchEnd(
                new TopicPartition(topic, 0),
                records,
                BYTES,
                BYTES,
                1,
                new StageTimes(NANOS, NANOS - MILLISECOND, MILLISECOND, NANOS, NANOS, NANOS),
                failure);
    }

    private static RequestEnd request(int node, long latencyNanos) {
        return new RequestEnd(node, "b1:9092", "PRODUCE", 9, BYTES, BYTES, latencyNanos, 7, true);
    }

    private static ConnectionChange change(int node, Event event) {
        return new ConnectionChange(node, "b1:9092", event, null);
    }

    private static BufferExhaustedException failure() {
        return new BufferExhaustedException("full", FailureDetails.local(Stage.BUFFER, Recovery.RETRY), null);
    }

    private static PipelineSnapshot state() {
        return new PipelineSnapshot(
                "test",
                Bottleneck.NONE,
                "",
                new PipelineSnapshot.RecordCounts(0, 0, 0),
                new PipelineSnapshot.BufferState(0, BYTES, 4),
                NANOS,
                null,
                new PipelineSnapshot.DeliveryState(0, 0),
                0,
                List.of(),
                List.of(),
                List.of(
                        new NodeSnapshot(1, "b1:9092", "READY", 3, 0, 0, null),
                        new NodeSnapshot(2, "b2:9092", "CONNECTING", 2, 0, 0, null)));
    }

    private Map<String, MetricPoint> report(Temporality temporality) {
        return byName(metrics.report(state(), temporality));
    }

    /** By the name; those of nodes and topics by name and subject too. */
    private static Map<String, MetricPoint> byName(MetricReport report) {
        Map<String, MetricPoint> byName = new HashMap<>();
        for (MetricPoint point : report.points()) {
            byName.put(point.name(), point);
        }
        return byName;
    }

    private static double value(Map<String, MetricPoint> points, String name) {
        return requireNonNull(points.get(DOMAIN + name), name).value();
    }

    private static double value(MetricReport report, String name, String subject) {
        return report.points().stream()
                .filter(point ->
                        point.name().equals(DOMAIN + name) && point.subject().equals(subject))
                .mapToDouble(MetricPoint::value)
                .sum();
    }

    private static String telemetryName(MetricName name) {
        return TelemetryMetricNamingConvention.getClientTelemetryMetricNamingStrategy("org.apache.kafka")
                .metricKey(name)
                .name();
    }

    /** All metrics of the reference's producer with their descriptions. */
    private static Map<MetricName, String> reference() throws IOException {
        Map<MetricName, String> all = new HashMap<>();
        try (Metrics registry = new Metrics()) {
            new SenderMetricsRegistry(registry)
                    .allTemplates()
                    .forEach(each -> all.put(
                            new MetricName(each.name(), each.group(), each.description(), Map.of()),
                            each.description()));
        }
        // the metrics of a node are there as soon as somebody listens at its address
        try (ServerSocket node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                "127.0.0.1:" + node.getLocalPort(),
                                "request.timeout.ms", // its close waits for the answer to its first request
                                "100"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            await().until(() -> producer.metrics().keySet().stream()
                    .anyMatch(name -> name.group().equals("producer-node-metrics")));
            producer.metrics().keySet().stream()
                    .filter(name -> name.group().startsWith("producer-"))
                    .forEach(name -> all.put(
                            new MetricName(name.name(), name.group(), name.description(), Map.of()),
                            name.description()));
        }
        return all;
    }

    private static Set<String> namesWithoutSource() throws IOException {
        Set<String> names = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("../docs/metrics.md"))) {
            String[] cells = line.split("\\|", -1);
            if (line.startsWith("| `") && cells[2].isBlank()) {
                CODE.matcher(cells[1]).results().map(code -> code.group(1)).forEach(names::add);
            }
        }
        assertThat(names).isNotEmpty();
        return names;
    }

    private static String withoutStatistic(String name) {
        return name.replaceFirst("-(rate|total|avg|max|ratio)$", "");
    }
}
