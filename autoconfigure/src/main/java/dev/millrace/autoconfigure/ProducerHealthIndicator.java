package dev.millrace.autoconfigure;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.TransactionalProducerPool.PoolState;
import dev.millrace.spring.inspection.OpenProducer;
import dev.millrace.spring.inspection.OpenProducers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * How the producers of a factory are, as the worst of them is. Looks at what the engine knows and asks no broker: what it
 * finds is as fresh as the last send, or the last refresh of the metadata.
 */
final class ProducerHealthIndicator extends AbstractHealthIndicator {

    /** How long the buffer may be above its threshold, seen at each look. */
    private static final long FULL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long PATIENCE_MILLIS = 1000;

    /** The worst first. */
    private static final List<Status> ORDER = List.of(Status.DOWN, Status.OUT_OF_SERVICE, Status.UNKNOWN, Status.UP);

    private final ProducerFactory<?, ?> factory;
    private final OpenProducers producers;
    private final HealthLimits limits;
    private final HealthRules rules;
    private final LongSupplier nanoTime;
    private final Map<OpenProducer, Long> fullSinceNanos = new ConcurrentHashMap<>();

    ProducerHealthIndicator(
            ProducerFactory<?, ?> factory, OpenProducers producers, HealthLimits limits, LongSupplier nanoTime) {
        super("health of a producer could not be determined");
        this.factory = factory;
        this.producers = producers;
        this.limits = limits;
        this.rules = new HealthRules(limits);
        this.nanoTime = nanoTime;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<OpenProducer> open = producers.of(factory);
        fullSinceNanos.keySet().retainAll(open);
        Look worst = null;
        for (OpenProducer producer : open) {
            Look look = look(producer);
            if (worst == null || look.rank() < worst.rank()) {
                worst = look;
            }
        }
        if (worst == null) {
            builder.unknown().withDetail("reason", "nothing was sent yet");
        } else {
            builder.status(worst.verdict().status()).withDetails(worst.details());
        }
        if (factory.isTransactional()) {
            PoolState pool = factory.getTransactionalProducers().state();
            builder.withDetail(
                    "transactionalProducers",
                    Map.of("inUse", pool.inUse(), "idle", pool.idle(), "max", pool.maxProducers()));
        }
    }

    private Look look(OpenProducer producer) {
        PipelineSnapshot state = producer.look(PATIENCE_MILLIS);
        return new Look(
                producer,
                state,
                rules.judge(state, producer.failure(), producer.ageNanos(), isFullForLong(producer, state)));
    }

    private boolean isFullForLong(OpenProducer producer, @Nullable PipelineSnapshot state) {
        if (state == null
                || state.buffer().usedBytes()
                        <= limits.bufferThreshold() * state.buffer().limitBytes()) {
            fullSinceNanos.remove(producer);
            return false;
        }
        long now = nanoTime.getAsLong();
        Long since = fullSinceNanos.putIfAbsent(producer, now);
        return since != null && now - since >= FULL_NANOS;
    }

    /** What was found at one of the producers. */
    private record Look(OpenProducer producer, @Nullable PipelineSnapshot state, HealthRules.Verdict verdict) {

        int rank() {
            return ORDER.indexOf(verdict.status());
        }

        Map<String, Object> details() {
            Map<String, Object> details = new LinkedHashMap<>();
            put(details, "reason", verdict.reason());
            put(details, "clientId", producer.clientId());
            put(details, "clusterId", producer.clusterId());
            put(details, "knownNodes", producer.nodes());
            if (state != null) {
                details.put("brokers", brokers(state));
                details.put(
                        "requestsInFlight",
                        state.nodes().stream()
                                .mapToInt(NodeSnapshot::requestsInFlight)
                                .sum());
                details.put("recordsPending", state.records().pending());
                details.put("oldestRecordMillis", TimeUnit.NANOSECONDS.toMillis(HealthRules.oldestNanos(state)));
                details.put(
                        "buffer",
                        Map.of(
                                "usedBytes", state.buffer().usedBytes(),
                                "limitBytes", state.buffer().limitBytes()));
                details.put("bottleneck", state.bottleneck().name());
            }
            OpenProducer.Failure failure = producer.failure();
            put(details, "lastError", failure == null ? null : failure.message());
            return details;
        }

        private static void put(Map<String, Object> details, String name, @Nullable Object value) {
            if (value != null) {
                details.put(name, value);
            }
        }

        private static List<String> brokers(PipelineSnapshot state) {
            return state.nodes().stream()
                    .map(node -> node.address() + " " + node.state())
                    .toList();
        }
    }
}
