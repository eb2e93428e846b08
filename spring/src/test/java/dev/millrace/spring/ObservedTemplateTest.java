package dev.millrace.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.observation.DefaultProducerObservationConvention;
import dev.millrace.spring.observation.ProducerObservations;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeRecord;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends under observation, with a real engine and Micrometer's own judge of the life of observations. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // observations say what became of them
class ObservedTemplateTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 1).topic("payments", 1).start();
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private final List<String> seenByInterceptor = new CopyOnWriteArrayList<>();
    private final DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
            ProducerConfig.builder()
                    .bootstrapServers(cluster.bootstrapServers())
                    .clientId("shop")
                    .linger(Duration.ZERO)
                    .deliveryTimeout(Duration.ofSeconds(31))
                    .build(),
            Serializers.string(),
            Serializers.string());
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
    private final ProducerObservations observations = new ProducerObservations(registry, "shop", () -> "cluster-1");

    ObservedTemplateTest() {
        registry.observationConfig().observationHandler(new Tracer()).observationHandler(new StopRecorder());
        factory.setInterceptors(List.of(new ProducerInterceptor<String, String>() {
            @Override
            public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                seenByInterceptor.add(nameOf(registry.getCurrentObservation()));
                return record;
            }
        }));
        template.setInstrumentation(observations);
    }

    @AfterEach
    void close() {
        factory.destroy();
        cluster.close();
    }

    @Test
    void namesWhatOpenTelemetryNames() {
        template.send("orders", "k", "value").join();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .hasContextualNameEqualTo("send orders")
                .hasLowCardinalityKeyValue("messaging.system", "kafka")
                .hasLowCardinalityKeyValue("messaging.operation.name", "send")
                .hasLowCardinalityKeyValue("messaging.operation.type", "send")
                .hasLowCardinalityKeyValue("messaging.destination.name", "orders")
                .hasLowCardinalityKeyValue("app.producer.name", "producer")
                .hasHighCardinalityKeyValue("messaging.destination.partition.id", "0")
                .hasHighCardinalityKeyValue("messaging.kafka.offset", "0")
                .hasHighCardinalityKeyValue("messaging.client.id", "shop")
                .hasHighCardinalityKeyValue("messaging.message.body.size", "5")
                .doesNotHaveHighCardinalityKeyValueWithKey("messaging.kafka.message.tombstone")
                .doesNotHaveHighCardinalityKeyValueWithKey("messaging.kafka.message.key")
                .doesNotHaveError()
                .hasBeenStarted()
                .hasBeenStopped();
        TestObservationRegistryAssert.assertThat(registry)
                .hasHandledContextsThatSatisfy(contexts -> assertThat(contexts)
                        .filteredOn(SenderContext.class::isInstance)
                        .extracting(context -> ((SenderContext<?>) context).getRemoteServiceName())
                        .containsExactly("kafka: cluster-1"));
        assertThat(seenByInterceptor).containsExactly("app.producer.send");
        assertThat(registry.getCurrentObservation()).isNull();
    }

    @Test
    void tellsKeysOnlyIfAskedToAndTombstones() {
        observations.setSendConvention(new DefaultProducerObservationConvention(true));

        template.send("orders", "k", null).join();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .hasHighCardinalityKeyValue("messaging.kafka.message.key", "k")
                .hasHighCardinalityKeyValue("messaging.kafka.message.tombstone", "true");
    }

    @Test
    void carriesTheTraceOnceAndLeavesTheRecordAlone() {
        ProducerRecord<String, String> record = new ProducerRecord<>(
                "orders", null, null, "k", "v", Headers.of("traceparent", "old").with("h", "x"));

        SendResult<String, String> first = template.send(record).join();
        template.send(record).join();

        assertThat(first.record()).isSameAs(record);
        assertThat(record.headers()).isEqualTo(Headers.of("traceparent", "old").with("h", "x"));
        assertThat(cluster.records("orders")).hasSize(2).allSatisfy(sent -> assertThat(headersOf(sent))
                .containsExactlyInAnyOrder("h=x", "traceparent=" + TRACE));
    }

    @Test
    void stopsBeforeTheFutureCompletesAndGoesOnInContinuations() throws InterruptedException {
        cluster.delayNext(Duration.ofMillis(200));
        CompletableFuture<String> seen = template.send("orders", "v").thenApply(result -> {
            Observation current = Objects.requireNonNull(registry.getCurrentObservation());
            return nameOf(current) + " within " + nameOfParent(current) + ", stopped: " + stopped;
        });

        assertThat(seen.join())
                .isEqualTo("app.producer.callback within app.producer.send, stopped: [app.producer.send]");
        CountDownLatch isStopped = new CountDownLatch(1);
        template.flushAsync().thenRun(isStopped::countDown);
        assertThat(isStopped.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stopped).containsExactly("app.producer.send", "app.producer.callback");
    }

    @Test
    void tellsWhyASendFailed() {
        cluster.setTopicError("orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED);

        CompletableFuture<SendResult<String, String>> failed = template.send("orders", "v");

        assertThat(failed).failsWithin(30, TimeUnit.SECONDS);
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .hasError()
                .hasBeenStopped();
    }

    @Test
    void endsWithAProducerThatIsStopped() {
        factory.destroy();

        assertThat(template.send("orders", "v")).isCompletedExceptionally();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .hasError();
        assertThat(stopped).containsExactly("app.producer.send");
        assertThat(registry.getCurrentObservation()).isNull();
    }

    private static ProducerFactory<String, String> factoryOf(FakeProducer<String, String> engine) {
        return new ProducerFactory<>() {
            @Override
            public FakeProducer<String, String> getSharedProducer() {
                return engine;
            }

            @Override
            public String getName() {
                return "fake";
            }
        };
    }

    @Test
    void endsWithAWrongCall() {
        FakeProducer<String, String> broken = new FakeProducer<>();
        broken.thrownBySend = new UnsupportedOperationException("not here");
        ProducerTemplate<String, String> other = new ProducerTemplate<>(factoryOf(broken));
        other.setInstrumentation(observations);

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> other.send("orders", "v"));

        assertThat(stopped).containsExactly("app.producer.send");
        assertThat(registry.getCurrentObservation()).isNull();
    }

    @Test
    void endsATriedSendThatWasNotAccepted() {
        FakeProducer<String, String> full = new FakeProducer<>();
        full.isFull = true;
        ProducerTemplate<String, String> other = new ProducerTemplate<>(factoryOf(full));
        other.setInstrumentation(observations);

        assertThat(other.trySend(new ProducerRecord<>("orders", "v"))).isNull();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .doesNotHaveError()
                .hasBeenStopped();
    }

    @Test
    void sendsAllTheSameIfHandlersAreBroken() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                throw new IllegalStateException("broken");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (CapturedLog log = CapturedLog.of(ProducerObservations.class)) {
            assertThat(template.send("orders", "v")
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join()
                            .metadata()
                            .hasOffset())
                    .isTrue();
            assertThat(log.lines()).isNotEmpty().allMatch(line -> line.contains("observation failed"));
        }
    }

    @Test
    void doesNothingWithoutARegistryOrIfVetoed() {
        ProducerRecord<String, String> record = new ProducerRecord<>("orders", "v");
        assertThat(new ProducerObservations(ObservationRegistry.NOOP).startSend("p", record, null))
                .isNull();
        assertThat(new ProducerObservations(ObservationRegistry.NOOP).startTransaction("p"))
                .isNull();
        registry.observationConfig().observationPredicate((name, context) -> false);
        assertThat(observations.startSend("p", record, null)).isNull();
        assertThat(observations.startTransaction("p")).isNull();

        template.send(record).join();

        assertThat(cluster.records("orders"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.headers().isEmpty()).isTrue());
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
    }

    @Test
    void observesTransactionsWithTheirSends() {
        factory.setTransactionSettings(TransactionSettings.builder("orders-").build());

        template.executeInTransaction(operations -> {
            operations.send("orders", "a");
            return operations.send("payments", "b");
        });
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> {
                    operations.send("orders", "c");
                    throw new IllegalArgumentException("no");
                }));

        assertThat(stopped.stream().filter("app.producer.transaction"::equals)).hasSize(2);
        TestObservationRegistryAssert.assertThat(registry)
                .hasAnObservationWithAKeyValue("app.producer.transaction.outcome", "committed")
                .hasAnObservationWithAKeyValue("app.producer.transaction.outcome", "aborted")
                .hasAnObservationWithAKeyValue("app.producer.transactional.id", "orders-0");
        TestObservationRegistryAssert.assertThat(registry)
                .hasHandledContextsThatSatisfy(contexts -> assertThat(contexts)
                        .filteredOn(SenderContext.class::isInstance)
                        .hasSize(3)
                        .allSatisfy(context -> assertThat(Objects.requireNonNull(context.getParentObservation())
                                        .getContextView()
                                        .getName())
                                .isEqualTo("app.producer.transaction")));
    }

    private static List<String> headersOf(FakeRecord record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + "=" + new String(Objects.requireNonNull(header.value()), UTF_8))
                .toList();
    }

    private static String nameOf(@Nullable Observation observation) {
        return observation == null
                ? "none"
                : Objects.requireNonNull(observation.getContextView().getName());
    }

    private static String nameOfParent(Observation observation) {
        var parent = observation.getContextView().getParentObservation();
        return parent == null
                ? "none"
                : Objects.requireNonNull(parent.getContextView().getName());
    }

    /** Does to the carrier what a tracer does. */
    private static final class Tracer implements ObservationHandler<SenderContext<Object>> {

        @Override
        public void onStart(SenderContext<Object> context) {
            context.getSetter().set(context.getCarrier(), "traceparent", "superseded");
            context.getSetter().set(context.getCarrier(), "traceparent", TRACE);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof SenderContext;
        }
    }

    private final class StopRecorder implements ObservationHandler<Observation.Context> {

        @Override
        public void onStop(Observation.Context context) {
            stopped.add(context.getName());
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
