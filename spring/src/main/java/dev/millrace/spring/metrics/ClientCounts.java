package dev.millrace.spring.metrics;

import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the reference that have a source here (docs/metrics.md), for one client id. Counted on the delivery
 * executor; nodes and topics get their meters when they are first heard of.
 */
final class ClientCounts {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String PRODUCE = "PRODUCE";

    private final LongSupplier nanoTime;
    private final MeterNames names;
    private final boolean isPerTopic;
    private final @Nullable TransactionCounts transactions; // null for the shared producer

    private final Tally split;
    private final Tally exhausted;
    private final Tally bufferWaitNanos;
    private final Tally metadataWaitNanos;
    private final Tally networkOperations;
    private final ConnectionCounts connections;
    private final Spread queueMillis;
    private final Spread recordBytes;
    private final Spread recordsPerRequest;
    private final Spread batchBytes;
    private final Spread throttleMillis;
    private final TopicCounts records;
    private final RequestCounts requests;
    private final Map<Integer, RequestCounts> nodes = new TreeMap<>();
    private final Map<String, TopicCounts> topics = new TreeMap<>();

    ClientCounts(MeterNames names, boolean isPerTopic, boolean isTransactional, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.names = names;
        this.isPerTopic = isPerTopic;
        split = new Tally(nanoTime);
        exhausted = new Tally(nanoTime);
        bufferWaitNanos = new Tally(nanoTime);
        metadataWaitNanos = new Tally(nanoTime);
        networkOperations = new Tally(nanoTime);
        connections = new ConnectionCounts(nanoTime);
        queueMillis = new Spread(nanoTime);
        recordBytes = new Spread(nanoTime);
        recordsPerRequest = new Spread(nanoTime);
        batchBytes = new Spread(nanoTime);
        throttleMillis = new Spread(nanoTime);
        records = new TopicCounts(nanoTime);
        requests = new RequestCounts(nanoTime);
        transactions = isTransactional ? new TransactionCounts(nanoTime) : null;
    }

    void register() {
        ReferenceMeters meters = names.ofClient();
        records.registerOfAll(meters);
        requests.register(meters);
        meters.rateAndTotal("batch.split", "batches that were too large for the broker", split);
        meters.rateAndTotal("buffer.exhausted", "records for which there was no buffer memory in time", exhausted);
        meters.rateAndTotal("network.io", "requests and answers", networkOperations);
        connections.register(meters);
        meters.averageAndMax("record.queue.time", "time of a batch before it is sent in ms", queueMillis);
        meters.averageAndMax("batch.size", "size of a batch in bytes", batchBytes);
        meters.averageAndMax("produce.throttle.time", "pause a broker asked for in ms", throttleMillis);
        meters.gauge("record.size.avg", "size of a record in bytes, on average", recordBytes::average);
        meters.gauge("records.per.request.avg", "records in a request, on average", recordsPerRequest::average);
        meters.gauge(
                "bufferpool.wait.ratio",
                "part of the time a send waited for buffer memory",
                () -> bufferWaitNanos.perSecond() / NANOS_PER_SECOND);
        meters.total("bufferpool.wait.time.ns.total", "time sends waited for buffer memory", bufferWaitNanos::total);
        meters.total("metadata.wait.time.ns.total", "time batches waited for metadata", metadataWaitNanos::total);
        if (transactions != null) {
            transactions.register(meters);
        }
    }

    void batchEnded(BatchEnd batch) {
        long now = nanoTime.getAsLong();
        records.add(batch, now);
        queueMillis.add((batch.times().lingerNanos() + batch.times().queueNanos()) / NANOS_PER_MILLI, now);
        metadataWaitNanos.add(batch.times().metadataNanos(), now);
        recordBytes.add(batch.rawBytes(), batch.records(), now);
        if (batch.wireBytes() > 0) { // it was sent
            recordsPerRequest.add(batch.records(), 0, now);
            batchBytes.add(batch.wireBytes(), now);
        }
        if (isPerTopic) {
            topic(batch.partition().topic()).add(batch, now);
        }
    }

    void recordRefused(RecordRefusal refusal) {
        long now = nanoTime.getAsLong();
        records.addRefused(now);
        if (refusal.failure() instanceof BufferExhaustedException) {
            exhausted.add(1, now);
        }
        if (isPerTopic) {
            topic(refusal.topic()).addRefused(now);
        }
    }

    void batchRetried(BatchRetry retry) {
        long now = nanoTime.getAsLong();
        records.addRetried(retry.records(), now);
        if (isPerTopic) {
            topic(retry.partition().topic()).addRetried(retry.records(), now);
        }
    }

    void batchSplit() {
        split.add(1, nanoTime.getAsLong());
    }

    void bufferWaited(BufferWait wait) {
        bufferWaitNanos.add(wait.waitedNanos(), nanoTime.getAsLong());
    }

    void requestEnded(RequestEnd request) {
        long now = nanoTime.getAsLong();
        requests.add(request, now);
        node(request.node()).add(request, now);
        networkOperations.add(request.answered() ? 2 : 1, now);
        if (request.api().equals(PRODUCE)) {
            recordsPerRequest.add(0, 1, now);
            throttleMillis.add(request.throttleMillis(), now);
        }
        if (transactions != null) {
            transactions.add(request, now);
        }
    }

    void transactionEnded(TransactionEnd transaction) {
        if (transactions != null) {
            transactions.add(transaction, nanoTime.getAsLong());
        }
    }

    void connectionChanged(ConnectionChange change) {
        connections.add(change, nanoTime.getAsLong());
    }

    void authenticationEnded(AuthenticationEnd authentication) {
        connections.add(authentication, nanoTime.getAsLong());
    }

    private synchronized RequestCounts node(int node) {
        RequestCounts known = nodes.get(node);
        if (known == null) {
            known = new RequestCounts(nanoTime);
            nodes.put(node, known);
            known.register(names.ofNode(node));
        }
        return known;
    }

    private synchronized TopicCounts topic(String topic) {
        TopicCounts known = topics.get(topic);
        if (known == null) {
            known = new TopicCounts(nanoTime);
            topics.put(topic, known);
            known.registerOfTopic(names.ofTopic(topic));
        }
        return known;
    }
}
