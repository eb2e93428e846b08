package dev.millrace.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Producer;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.StageTimes;
import dev.millrace.producer.observe.TransactionEnd;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerOperationException;
import dev.millrace.spring.ProducerTransactionFailedEvent;
import dev.millrace.spring.ProducerWatch;
import dev.millrace.spring.TransactionalProducerPool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.PayloadApplicationEvent;

class ProducerMetricsTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 1);
    private static final StageTimes TIMES = new StageTimes(0, 5_000_000, 1_000_000, 3_000_000, 50, 999_950);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProducerMetrics metrics = new ProducerMetrics(Tags.of("shop", "north"), true, true);
    private final Factory factory = new Factory();

    @Test
    void namesTheReferencesMetersAsMicrometerDoes() {
        metrics.bindTo(registry);
        ProducerWatch watch = open("shop-producer", null);

        watch.onBatchEnded(batch(10, null));
        watch.onBatchEnded(batch(3, failure()));
        watch.onBatchRetried(new BatchRetry(ORDERS, 4, 1, 2, ErrorCode.NOT_LEADER_OR_FOLLOWER));
        watch.onRequestEnded(new RequestEnd(2, "b:1", "PRODUCE", 12, 500, 60, 7_000_000, 0, true));
        watch.onConnectionChanged(new ConnectionChange(2, "b:1", ConnectionChange.Event.READY, null));
        watch.onRecordRefused(new RecordRefusal("orders", 1, exhausted()));
        watch.onAuthentication(new AuthenticationEnd(2, "b:1", false, 90_000_000, null));
        watch.onAuthentication(new AuthenticationEnd(2, "b:1", true, 12_000_000, null));
        watch.onAuthentication(new AuthenticationEnd(2, "b:1", true, 12_000_000, null));
        for (int i = 0; i < 3; i++) {
            watch.onAuthentication(new AuthenticationEnd(2, "b:1", false, 0, "wrong password"));
        }
        for (int i = 0; i < 4; i++) {
            watch.onAuthentication(new AuthenticationEnd(2, "b:1", true, 0, "wrong password"));
        }

        assertThat(counter("kafka.producer.successful.authentication.total")).isEqualTo(1);
        assertThat(counter("kafka.producer.successful.reauthentication.total")).isEqualTo(2);
        assertThat(counter("kafka.producer.failed.authentication.total")).isEqualTo(3);
        assertThat(counter("kafka.producer.failed.reauthentication.total")).isEqualTo(4);
        assertThat(gauge("kafka.producer.reauthentication.latency.max")).isEqualTo(12);
        assertThat(counter("kafka.producer.record.send.total")).isEqualTo(10);
        assertThat(counter("kafka.producer.record.error.total")).isEqualTo(4);
        assertThat(counter("kafka.producer.record.retry.total")).isEqualTo(4);
        assertThat(counter("kafka.producer.request.total")).isEqualTo(1);
        assertThat(counter("kafka.producer.outgoing.byte.total")).isEqualTo(500);
        assertThat(counter("kafka.producer.incoming.byte.total")).isEqualTo(60);
        assertThat(counter("kafka.producer.connection.creation.total")).isEqualTo(1);
        assertThat(counter("kafka.producer.buffer.exhausted.total")).isEqualTo(1);
        assertThat(gauge("kafka.producer.record.send.rate")).isEqualTo(10 / 30.0);
        assertThat(gauge("kafka.producer.request.latency.avg")).isEqualTo(7);
        assertThat(gauge("kafka.producer.request.latency.max")).isEqualTo(7);
        assertThat(gauge("kafka.producer.record.queue.time.avg")).isEqualTo(6);
        assertThat(gauge("kafka.producer.batch.size.avg")).isEqualTo(461);
        assertThat(gauge("kafka.producer.compression.rate.avg")).isEqualTo(0.5);
        assertThat(gauge("kafka.producer.records.per.request.avg")).isEqualTo(13);
        assertThat(registry.get("kafka.producer.node.request.total")
                        .tags("client.id", "shop-producer", "node.id", "node-2", "shop", "north")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("kafka.producer.topic.record.send.total")
                        .tags("client.id", "shop-producer", "topic", "orders")
                        .functionCounter()
                        .count())
                .isEqualTo(10);
        assertThat(registry.find("kafka.producer.txn.commit.time.ns.total").meter())
                .isNull();
    }

    @Test
    void timesStagesAndSends() {
        metrics.bindTo(registry);
        ProducerWatch watch = open("c", null);

        watch.onBatchEnded(batch(10, null));
        assertThat(registry.get("app.producer.stage")
                        .tag("stage", "retry")
                        .timer()
                        .count())
                .as("it was sent once")
                .isZero();
        watch.onBatchEnded(batch(2, failure()));
        watch.onRecordRefused(new RecordRefusal("orders", -1, exhausted()));

        assertThat(registry.get("app.producer.stage")
                        .tags("stage", "linger", "name", "orders", "client.id", "c")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(10);
        assertThat(registry.get("app.producer.stage")
                        .tag("stage", "metadata")
                        .timer()
                        .count())
                .as("a stage that was not needed")
                .isZero();
        assertThat(registry.get("app.producer.delivery")
                        .tag("result", "success")
                        .timer()
                        .max(TimeUnit.MILLISECONDS))
                .isEqualTo(10);
        assertSends("none", 10, 100);
        assertSends("DeliveryTimeoutException", 2, 20);
        assertSends("BufferExhaustedException", 1, 0);
    }

    private void assertSends(String error, int count, int millis) {
        Timer timer = registry.get("app.producer.send")
                .tags("error", error, "app.producer.name", "orders", "messaging.destination.name", "orders")
                .tag("shop", "north")
                .timer();
        assertThat(timer.count()).isEqualTo(count);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(millis);
    }

    @Test
    void leavesTheSendTimerToObservationsAndTopicsOut() {
        ProducerMetrics few = new ProducerMetrics(Tags.empty(), false, false);
        few.bindTo(registry);
        ProducerWatch watch = few.watch(factory, "c", null);
        watch.onOpened(CompletableFuture::new);

        watch.onBatchEnded(batch(10, null));
        watch.onRecordRefused(new RecordRefusal("orders", -1, exhausted()));

        assertThat(counter("kafka.producer.record.send.total")).isEqualTo(10);
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .doesNotContain("app.producer.send")
                .noneMatch(name -> name.startsWith("kafka.producer.topic"));
    }

    @Test
    void countsForRegistriesThatComeLate() {
        ProducerWatch watch = open("c", null);
        watch.onBatchEnded(batch(10, null));

        metrics.bindTo(registry);
        SimpleMeterRegistry second = new SimpleMeterRegistry();
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(second);
        metrics.bindTo(composite);
        metrics.bindTo(registry);
        watch.onBatchEnded(batch(5, null));

        for (MeterRegistry each : List.of(registry, second, composite)) {
            assertThat(each.get("kafka.producer.record.send.total")
                            .functionCounter()
                            .count())
                    .isEqualTo(15);
            assertThat(each.get("app.producer.delivery")
                            .tag("result", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void removesTheMetersOfAProducerThatHasClosed() {
        metrics.bindTo(registry);
        ProducerWatch first = open("c", null);
        first.onBatchEnded(batch(10, null));
        ProducerWatch successor = open("c", null);

        first.onClosed(report());
        successor.onBatchEnded(batch(1, null));
        assertThat(counter("kafka.producer.record.send.total"))
                .as("goes on where the other stopped")
                .isEqualTo(11);

        successor.onClosed(report());
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .containsOnly("app.producer.send");

        metrics.destroy();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void tellsOfTransactionsByOutcome() {
        factory.isTransactional = true;
        metrics.bindTo(registry);
        ProducerWatch watch = open("c-tx-0", "orders-0");

        watch.onTransaction(new TransactionEnd("orders-0", TransactionEnd.Result.COMMITTED, 4_000_000, 2_000_000));
        watch.onTransaction(new TransactionEnd("orders-0", TransactionEnd.Result.FENCED, 1, 1));
        metrics.onApplicationEvent(new PayloadApplicationEvent<>(
                this, new ProducerTransactionFailedEvent("orders", new ProducerOperationException("too late", null))));
        metrics.onApplicationEvent(new PayloadApplicationEvent<>(
                this, new ProducerTransactionFailedEvent("another", new ProducerOperationException("too late", null))));

        assertThat(transactions("committed")).isEqualTo(1);
        assertThat(transactions("fenced")).isEqualTo(1);
        assertThat(transactions("aborted")).isZero();
        assertThat(registry.get("app.producer.transactions.ending")
                        .tag("outcome", "committed")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2);
        assertThat(counter("kafka.producer.txn.commit.time.ns.total")).isEqualTo(2_000_000);
        assertThat(counter("app.producer.transactions.failed.after.commit")).isEqualTo(1);
        assertThat(gauge("app.producer.pool.in.use")).isEqualTo(2);
        assertThat(gauge("app.producer.pool.idle")).isEqualTo(1);
        assertThat(gauge("app.producer.pool.max")).isEqualTo(7);
    }

    private double transactions(String outcome) {
        return registry.get("app.producer.transactions")
                .tags("outcome", outcome, "name", "orders")
                .counter()
                .count();
    }

    @Test
    void hasOnlyNamesAndKindsTheReferenceHas() {
        factory.isTransactional = true;
        metrics.bindTo(registry);
        open("c", "orders-0");

        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .filter(name -> name.startsWith("kafka.")))
                .hasSize(60)
                .isSubsetOf(namesOfTheReference());
        assertThat(registry.getMeters())
                .filteredOn(meter -> meter.getId().getName().startsWith("kafka."))
                .allSatisfy(meter -> {
                    boolean isTotal = meter.getId().getName().endsWith(".total");
                    assertThat(meter).isInstanceOf(isTotal ? FunctionCounter.class : Gauge.class);
                    assertThat(meter.getId().getBaseUnit()).isNull();
                    assertThat(meter.getId().getDescription()).isNotBlank();
                });
        assertThat(registry.getMeters())
                .filteredOn(meter -> meter.getId().getName().startsWith("app."))
                .extracting(Meter::getId)
                .allSatisfy(id -> assertThat(id.getDescription()).isNotBlank());
    }

    /** As Micrometer's binder makes them of those of a producer that has not sent anything. */
    private static Set<String> namesOfTheReference() {
        Map<String, Object> config = Map.of("bootstrap.servers", "localhost:1");
        KafkaProducer<String, String> reference =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        try {
            return reference.metrics().keySet().stream()
                    .map(metric -> "kafka." + metric.group().replace("-metrics", "") + "."
                            + metric.name().replace('-', '.'))
                    .collect(Collectors.toSet());
        } finally {
            reference.close(Duration.ZERO);
        }
    }

    private ProducerWatch open(String clientId, @Nullable String transactionalId) {
        ProducerWatch watch = metrics.watch(factory, clientId, transactionalId);
        watch.onOpened(CompletableFuture::new);
        return watch;
    }

    private double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static BatchEnd batch(int records, @Nullable ProducerException failure) {
        return new BatchEnd(ORDERS, records, 800, 461, 1, TIMES, failure);
    }

    private static ProducerException failure() {
        return new DeliveryTimeoutException("late", FailureDetails.local(Stage.IN_FLIGHT, Recovery.RETRY), null);
    }

    private static ProducerException exhausted() {
        return new BufferExhaustedException("full", FailureDetails.local(Stage.BUFFER, Recovery.RETRY), null);
    }

    private static CloseReport report() {
        return new CloseReport(0, 0, 0, List.of());
    }

    /** A factory that opens nothing. */
    private static final class Factory implements ProducerFactory<String, String> {

        private boolean isTransactional;

        @Override
        public Producer<String, String> getSharedProducer() {
            throw new IllegalStateException("this test opens no producer");
        }

        @Override
        public String getName() {
            return "orders";
        }

        @Override
        public boolean isTransactional() {
            return isTransactional;
        }

        @Override
        public TransactionalProducerPool<String, String> getTransactionalProducers() {
            return new TransactionalProducerPool<>() {
                @Override
                public TransactionalProducer<String, String> acquire() {
                    throw new IllegalStateException("this test opens no producer");
                }

                @Override
                public void release(TransactionalProducer<String, String> producer) {}

                @Override
                public void evict(TransactionalProducer<String, String> producer) {}

                @Override
                public void reset() {}

                @Override
                public PoolState state() {
                    return new PoolState(2, 1, 7);
                }
            };
        }
    }
}
