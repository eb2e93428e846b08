package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import dev.millrace.producer.internal.telemetry.MetricPoint.Scope;
import dev.millrace.producer.internal.time.Ticker;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of the reference that have a source here (docs/metrics.md), counted from the moment it is made. Rates,
 * averages and maxima are those since the last report. Confined to the delivery executor, but for the constructor.
 */
final class ProducerMetrics implements ProducerObserver {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String PRODUCE = ApiKey.PRODUCE.name();
    private static final String READY = "READY";

    private final Ticker ticker;
    private final WallClock clock;
    private final long beganMillis;
    private long reportedNanos;
    private long reportedMillis;

    private final Counter sent = new Counter();
    private final Counter failed = new Counter();
    private final Counter retried = new Counter();
    private final Counter split = new Counter();
    private final Counter exhausted = new Counter();
    private final Counter bufferWaitNanos = new Counter();
    private final Counter metadataWaitNanos = new Counter();
    private final Counter networkOperations = new Counter();
    private final Spread queueMillis = new Spread();
    private final Spread recordBytes = new Spread();
    private final Spread recordsPerRequest = new Spread();
    private final Spread batchBytes = new Spread();
    private final Spread compressionRate = new Spread();
    private final Spread throttleMillis = new Spread();
    private final RequestMetrics requests = new RequestMetrics();
    private final ConnectionMetrics connections = new ConnectionMetrics();
    private final TransactionMetrics transactions = new TransactionMetrics();
    private final Map<Integer, RequestMetrics> nodes = new TreeMap<>();
    private final Map<String, TopicMetrics> topics = new TreeMap<>();

    ProducerMetrics(Ticker ticker, WallClock clock) {
        this.ticker = ticker;
        this.clock = clock;
        beganMillis = clock.millis();
        reportedMillis = beganMillis;
        reportedNanos = ticker.nanos();
    }

    @Override
    public void onBatchEnded(BatchEnd batch) {
        TopicMetrics topic = topic(batch.partition().topic());
        if (batch.failure() == null) {
            sent.add(batch.records());
            topic.sent.add(batch.records());
        } else {
            failed.add(batch.records());
            topic.failed.add(batch.records());
        }
        queueMillis.add((batch.times().lingerNanos() + batch.times().queueNanos()) / NANOS_PER_MILLI);
        metadataWaitNanos.add((double) batch.times().metadataNanos());
        recordBytes.add(batch.rawBytes(), batch.records());
        if (batch.wireBytes() > 0) { // it was sent
            recordsPerRequest.add(batch.records(), 0);
            batchBytes.add(batch.wireBytes());
            topic.bytes.add(batch.wireBytes());
            double rate = (double) (batch.wireBytes() - RecordBatchLayout.HEADER_BYTES) / Math.max(1, batch.rawBytes());
            compressionRate.add(rate);
            topic.compressionRate.add(rate);
        }
    }

    @Override
    public void onRecordRefused(RecordRefusal refusal) {
        failed.add(1);
        topic(refusal.topic()).failed.add(1);
        if (refusal.failure() instanceof BufferExhaustedException) {
            exhausted.add(1);
        }
    }

    @Override
    public void onBatchRetried(BatchRetry retry) {
        retried.add(retry.records());
        topic(retry.partition().topic()).retried.add(retry.records());
    }

    @Override
    public void onBatchSplit(BatchSplit each) {
        split.add(1);
    }

    @Override
    public void onBufferWait(BufferWait wait) {
        bufferWaitNanos.add((double) wait.waitedNanos());
    }

    @Override
    public void onRequestEnded(RequestEnd request) {
        requests.add(request);
        transactions.add(request);
        nodes.computeIfAbsent(request.node(), node -> new RequestMetrics()).add(request);
        networkOperations.add(request.answered() ? 2 : 1);
        if (request.api().equals(PRODUCE)) {
            recordsPerRequest.add(0, 1);
            throttleMillis.add(request.throttleMillis());
        }
    }

    @Override
    public void onTransaction(TransactionEnd transaction) {
        transactions.add(transaction);
    }

    @Override
    public void onConnectionChanged(ConnectionChange change) {
        connections.add(change);
    }

    @Override
    public void onAuthentication(AuthenticationEnd authentication) {
        connections.add(authentication);
    }

    /** All metrics now; the next report begins here. */
    MetricReport report(PipelineSnapshot state, Temporality temporality) {
        long nanos = ticker.nanos();
        long fromMillis = temporality == Temporality.DELTA ? reportedMillis : beganMillis;
        PointList points = new PointList((nanos - reportedNanos) / NANOS_PER_SECOND, temporality);
        reportedNanos = nanos;
        reportedMillis = clock.millis();
        reportRecords(points);
        reportState(points, state);
        requests.report(points);
        connections.report(points);
        transactions.report(points);
        nodes.forEach((node, metrics) -> {
            points.of(Scope.NODE, "node-" + node);
            metrics.report(points);
        });
        topics.forEach((topic, metrics) -> {
            points.of(Scope.TOPIC, topic);
            metrics.report(points);
        });
        return new MetricReport(fromMillis, reportedMillis, temporality, points.points());
    }

    private void reportRecords(PointList points) {
        points.rateAndTotal("record-send", sent);
        points.rateAndTotal("record-error", failed);
        points.rateAndTotal("record-retry", retried);
        points.averageAndMax("record-queue-time", queueMillis);
        points.average("record-size-avg", recordBytes);
        points.average("records-per-request-avg", recordsPerRequest);
        points.averageAndMax("batch-size", batchBytes);
        points.rateAndTotal("batch-split", split);
        points.average("compression-rate-avg", compressionRate);
        points.rateAndTotal("buffer-exhausted", exhausted);
        points.ratioAndTotal("bufferpool-wait-ratio", "bufferpool-wait-time-ns-total", bufferWaitNanos);
        points.total("metadata-wait-time-ns", metadataWaitNanos);
        points.averageAndMax("produce-throttle-time", throttleMillis);
        points.rateAndTotal("network-io", networkOperations);
    }

    private static void reportState(PointList points, PipelineSnapshot state) {
        PipelineSnapshot.BufferState buffer = state.buffer();
        points.gauge("buffer-total-bytes", (double) buffer.limitBytes());
        points.gauge("buffer-available-bytes", (double) (buffer.limitBytes() - buffer.usedBytes()));
        points.gauge("waiting-threads", buffer.waitingThreads());
        points.gauge(
                "requests-in-flight",
                state.nodes().stream().mapToInt(NodeSnapshot::requestsInFlight).sum());
        points.gauge("connection-count", (double) state.nodes().stream()
                .filter(node -> node.state().equals(READY))
                .count());
        if (state.metadataAgeNanos() >= 0) {
            points.gauge("metadata-age", state.metadataAgeNanos() / NANOS_PER_SECOND);
        }
    }

    private TopicMetrics topic(String name) {
        return topics.computeIfAbsent(name, each -> new TopicMetrics());
    }
}
