package dev.millrace.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.observation.ProducerObservations;
import dev.millrace.testkit.FakeCluster;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listeners and observations know of the records of a {@code sendAll}, with a real engine. */
@Timeout(60)
class FollowedSendAllTest {

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 1).autoCreateTopics(false).start();
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final List<String> observed = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
            ProducerConfig.builder()
                    .bootstrapServers(cluster.bootstrapServers())
                    .linger(Duration.ZERO)
                    .maxRequestSize(10_000)
                    .build(),
            Serializers.string(),
            Serializers.string());
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

    @AfterEach
    void close() {
        factory.destroy();
        cluster.close();
    }

    private void listen() {
        template.setListeners(List.of(new ProducerListener<String, String>() {
            @Override
            public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
                told.add(record.value() + " at " + metadata.offset());
            }

            @Override
            public void onError(ProducerRecord<String, String> record, SendFailedException failure) {
                told.add("failed for " + failure.getTopic());
            }
        }));
    }

    private void observe() {
        registry.observationConfig().observationHandler(new Tracer());
        template.setInstrumentation(new ProducerObservations(registry));
    }

    private static List<ProducerRecord<String, String>> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<String, String>("orders", "v" + i))
                .toList();
    }

    private List<String> traces() {
        return cluster.records("orders").stream()
                .map(record -> new String(
                        Objects.requireNonNull(
                                Objects.requireNonNull(record.headers().last("traceparent"))
                                        .value()),
                        UTF_8))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsListenersOfEachRecordBeforeItsResult(boolean dispatched) throws Exception {
        listen();
        template.setCallbackExecutor(dispatched ? ProducerTemplate.dispatcher() : null);
        List<ProducerRecord<String, String>> records = new ArrayList<>(records(500));
        records.add(100, new ProducerRecord<>("orders", "x".repeat(20_000)));

        List<String> toldBefore =
                template.sendAll(records).thenApply(counts -> List.copyOf(told)).get(20, TimeUnit.SECONDS);

        assertThat(toldBefore).hasSize(501);
        assertThat(toldBefore.stream().filter(line -> !line.startsWith("failed")))
                .containsExactlyElementsOf(IntStream.range(0, 500)
                        .mapToObj(i -> "v" + i + " at " + i)
                        .toList());
        assertThat(toldBefore).contains("failed for orders");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void putsTheTraceOfTheCallerIntoEachRecord(boolean published) throws Exception {
        observe();
        Observation caller = Observation.start("caller", registry);
        List<ProducerRecord<String, String>> records = records(3);
        CompletableFuture<SendAllResult> result =
                caller.scoped(() -> published ? template.sendAll(publisher(records)) : template.sendAll(records));
        SendAllResult counts = result.get(20, TimeUnit.SECONDS);
        caller.stop();

        assertThat(counts.delivered()).isEqualTo(3);
        assertThat(traces()).hasSize(3).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(observed);
        assertThat(observed).allMatch(trace -> trace.startsWith("send orders of caller "));
        assertThat(records).allMatch(record -> record.headers().isEmpty());
    }

    private static Flow.Publisher<ProducerRecord<String, String>> publisher(
            List<ProducerRecord<String, String>> records) {
        SubmissionPublisher<ProducerRecord<String, String>> publisher = new SubmissionPublisher<>();
        return subscriber -> {
            publisher.subscribe(subscriber);
            records.forEach(publisher::submit);
            publisher.close();
        };
    }

    @Test
    void doesTheSameInTransactions() throws Exception {
        listen();
        observe();
        factory.setTransactionSettings(TransactionSettings.builder("orders-").build());

        template.executeInTransaction(operations -> operations.sendAll(records(3)));
        assertThat(told).hasSize(3);
        assertThat(traces()).containsExactlyInAnyOrderElementsOf(observed);
        assertThat(observed).allMatch(trace -> trace.startsWith("send orders of app.producer.transaction"));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template.executeInTransaction(
                        operations -> operations.sendAll(List.of(new ProducerRecord<>("orders", "x".repeat(20_000))))));
        assertThat(told).hasSize(4).endsWith("failed for orders");
    }

    @Test
    void endsTheReadingWhenItsResultIsCancelled() {
        listen();
        template.setCallbackExecutor(ProducerTemplate.dispatcher());
        SubmissionPublisher<ProducerRecord<String, String>> source = new SubmissionPublisher<>();
        CompletableFuture<SendAllResult> result = template.sendAll(source);
        assertThat(source.hasSubscribers()).isTrue();

        assertThat(result.cancel(false)).isTrue();

        await().until(() -> !source.hasSubscribers());
        source.close();
    }

    /** The source goes to the engine as it is, and so does the engine's future come back. */
    @Test
    void addsNothingIfNobodyWantsToKnow() {
        FakeProducer<String, String> engine = new FakeProducer<>();
        ProducerTemplate<String, String> plain = new ProducerTemplate<>(new ProducerFactory<>() {
            @Override
            public FakeProducer<String, String> getSharedProducer() {
                return engine;
            }

            @Override
            public String getName() {
                return "plain";
            }
        });
        plain.setCallbackExecutor(ProducerTemplate.dispatcher());
        List<ProducerRecord<String, String>> records = records(2);

        assertThat(plain.sendAll(records)).isSameAs(engine.sendAll);
        assertThat(engine.sources).containsExactly(new FakeProducer.Source(records, SendAllOptions.defaults()));
    }

    /** Does to the carrier what a tracer does: another span for each send, in the trace of its parent. */
    private final class Tracer implements ObservationHandler<SenderContext<Object>> {

        @Override
        public void onStart(SenderContext<Object> context) {
            var parent = context.getParentObservation();
            String trace = "send orders of "
                    + (parent == null ? "nobody" : parent.getContextView().getName()) + " "
                    + System.identityHashCode(context);
            observed.add(trace);
            context.getSetter().set(context.getCarrier(), "traceparent", trace);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof SenderContext;
        }
    }
}
