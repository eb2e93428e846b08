package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.SerializationEnd;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Serializers that ask somebody before there are bytes: order, limits, memory, and who waits for them. */
class LateSerializationScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SlowRegistry registry = new SlowRegistry();
    private final List<SerializationEnd> ends = new ArrayList<>();

    private final ProducerObserver observer = new ProducerObserver() {
        @Override
        public void onSerializationEnded(SerializationEnd serialization) {
            ends.add(serialization);
        }
    };

    private SimulatedProducer simulation(UnaryOperator<ProducerConfig.Builder> settings) {
        return simulation(Serializers.string(), registry, null, settings);
    }

    private SimulatedProducer simulation(
            Serializer<String> keys,
            Serializer<String> values,
            @Nullable Partitioner<? super String, ? super String> partitioner,
            UnaryOperator<ProducerConfig.Builder> settings) {
        return SimulatedProducer.with(
                new PlugIns<>(keys, values, partitioner, List.of(), thread -> false, observer),
                1,
                config -> settings.apply(config.linger(Duration.ZERO)));
    }

    /** With a topic of three partitions that is known already. */
    private SimulatedProducer warm(UnaryOperator<ProducerConfig.Builder> settings) {
        SimulatedProducer sim = simulation(settings);
        sim.cluster.topic(TOPIC, 1, 1, 1);
        sim.send(2, "now known");
        sim.loop.advance(SECOND);
        assertThat(sim.log(2)).containsExactly("now known");
        return sim;
    }

    @Test
    void keepsBackWhatIsBehindItInItsPartitionAndNothingElse() {
        SimulatedProducer sim = warm(config -> config);
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        Sent other = sim.send(1, "now other");
        sim.loop.advance(SECOND);

        assertThat(other.isDelivered()).isTrue();
        assertThat(late.isDone()).isFalse();
        assertThat(behind.isDone()).isFalse();
        registry.answer("late");
        sim.loop.advance(SECOND);

        assertThat(sim.log(0)).containsExactly("late", "now behind");
        assertThat(sim.log(1)).containsExactly("now other");
        assertThat(ends).containsExactly(new SerializationEnd(TOPIC, SECOND.toNanos(), null));
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void keepsTheOrderOfAKeyFromTheCallOfSend() {
        SimulatedProducer sim = warm(config -> config);
        List<Sent> sent = new ArrayList<>();
        for (String value : List.of("a1", "a2", "now a3")) {
            sent.add(sendKeyed(sim, "a", value));
        }
        registry.answer("a2");
        sim.loop.advance(SECOND);
        assertThat(sent).noneMatch(Sent::isDone);

        registry.answer("a1");
        sim.loop.advance(SECOND);

        assertThat(sent).allMatch(Sent::isDelivered);
        assertThat(sent).extracting(Sent::offset).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void keepsTheOrderOfRecordsWithoutKey() {
        SimulatedProducer sim = warm(config -> config);
        Sent late = sim.send(TOPIC, null, "late", () -> {});
        Sent behind = sim.send(TOPIC, null, "now behind", () -> {});
        sim.loop.advance(SECOND);
        registry.answer("late");
        sim.loop.advance(SECOND);

        assertThat(behind.isDelivered()).isTrue();
        int partition = Objects.requireNonNull(late.metadata).partition();
        assertThat(sim.log(partition)).endsWith("late", "now behind");
    }

    @Test
    void keepsTheWholeTopicBackIfTheKeyIsLate() {
        SimulatedProducer sim = simulation(registry, Serializers.string(), null, config -> config);
        sim.cluster.topic(TOPIC, 1, 1, 1);
        sim.send(2, "known");
        sim.loop.advance(SECOND);
        Sent late = sendKeyed(sim, "key", "late");
        Sent behind = sim.send(1, "behind");
        sim.loop.advance(SECOND);
        assertThat(behind.isDone()).isFalse();

        registry.answer("key");
        sim.loop.advance(SECOND);

        assertThat(late.isDelivered()).isTrue();
        assertThat(behind.isDelivered()).isTrue();
    }

    /** The log of each partition has what was sent to it in that order, whatever order answers come in. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsTheOrderWhateverTheAnswersDo(long seed) {
        Random random = new Random(seed);
        SimulatedProducer sim = random.nextBoolean() ? warm(config -> config) : simulation(config -> config);
        List<String> open = new ArrayList<>();
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String value = (random.nextInt(3) == 0 ? "late " : "now ") + i;
            int kind = random.nextInt(3);
            sent.add(
                    kind == 0
                            ? sim.send(random.nextInt(3), value)
                            : kind == 1
                                    ? sendKeyed(sim, "key-" + random.nextInt(5), value)
                                    : sim.send(TOPIC, null, value, () -> {}));
            if (value.startsWith("late")) {
                open.add(value);
            }
            if (i == 100) {
                sim.cluster.topic(TOPIC, 1, 1, 1);
            }
            if (random.nextInt(4) == 0) {
                sim.loop.advance(Duration.ofMillis(random.nextInt(3)));
            }
            while (!open.isEmpty() && random.nextInt(3) == 0) {
                registry.answer(open.remove(random.nextInt(open.size())));
            }
        }
        open.forEach(registry::answer);
        sim.loop.advance(Duration.ofSeconds(5));

        assertThat(sent).allMatch(Sent::isDelivered);
        for (int partition = 0; partition < 3; partition++) {
            int of = partition;
            List<Sent> there = sent.stream()
                    .filter(each -> Objects.requireNonNull(each.metadata).partition() == of)
                    .toList();
            assertThat(sim.log(partition).stream().filter(each -> !each.equals("now known")))
                    .as("seed %s partition %s", seed, partition)
                    .containsExactlyElementsOf(SimulatedProducer.values(there));
        }
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void failsTheRecordThatIsNotAnsweredInTimeAndLetsTheOthersGo() {
        registry.timeout = Duration.ofSeconds(3);
        SimulatedProducer sim = warm(config -> config);
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        sim.loop.advance(Duration.ofMillis(2_999));
        assertThat(late.isDone()).isFalse();

        sim.loop.advance(SECOND);

        assertThat(late.failure())
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("not serialized within 3000 ms")
                .hasMessageContaining("topic=" + TOPIC)
                .hasMessageContaining("value of type java.lang.String")
                .hasMessageNotContaining("late ");
        assertThat(late.failure().stage()).isEqualTo(Stage.SERIALIZE);
        assertThat(late.failure().recovery()).isEqualTo(Recovery.RETRY);
        assertThat(behind.isDelivered()).isTrue();
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.failure())
                .isSameAs(late.failure()));

        registry.answer("late");
        sim.loop.advance(SECOND);
        assertThat(sim.log(0)).containsExactly("now behind");
        assertThat(late.calls).isEqualTo(1);
        assertThat(ends).hasSize(1);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void waitsNoLongerThanTheDeliveryTimeout() {
        registry.timeout = Duration.ofHours(1);
        SimulatedProducer sim =
                warm(config -> config.deliveryTimeout(Duration.ofSeconds(5)).requestTimeout(Duration.ofSeconds(2)));
        Sent late = sim.send(0, "late");
        sim.loop.advance(Duration.ofMillis(4_999));
        assertThat(late.isDone()).isFalse();

        sim.loop.advance(Duration.ofMillis(1));

        assertThat(late.failure()).hasMessageContaining("limit app.producer.delivery-timeout");
    }

    @Test
    void countsTheWaitForTheDeliveryTimeout() {
        SimulatedProducer sim =
                warm(config -> config.deliveryTimeout(Duration.ofSeconds(5)).requestTimeout(Duration.ofSeconds(2)));
        sim.cluster.broker(1).stopReading();
        Sent late = sim.send(0, "late");
        sim.loop.advance(Duration.ofSeconds(4));
        registry.answer("late");
        sim.loop.advance(Duration.ofMillis(500));
        assertThat(late.isDone()).isFalse();

        sim.loop.advance(Duration.ofMillis(2_600));

        assertThat(late.failure()).isInstanceOf(DeliveryTimeoutException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2_000})
    void isNotHurriedByMaxBlockOnceTheTopicIsKnown(long maxBlockMillis) {
        SimulatedProducer sim = simulation(config -> config.maxBlock(Duration.ofMillis(maxBlockMillis)));
        sim.cluster.topic(TOPIC, 1, 1, 1);
        sim.send(2, "now asks for the topic");
        sim.loop.advance(SECOND);
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        sim.loop.advance(Duration.ofSeconds(9));
        assertThat(late.isDone()).isFalse();
        assertThat(behind.isDone()).isFalse();

        registry.answer("late");
        sim.loop.advance(SECOND);

        assertThat(sim.log(0)).containsExactly("late", "now behind");
    }

    @Test
    void failsForTheTopicIfThatIsWhatIsMissing() {
        SimulatedProducer sim = simulation(config -> config.maxBlock(SECOND));
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        sim.loop.advance(Duration.ofSeconds(2));

        assertThat(late.failure()).isInstanceOf(DeliveryTimeoutException.class).hasMessageContaining("topic");
        assertThat(behind.failure()).hasMessageContaining("max-block");
        registry.answer("late");
        sim.loop.advance(SECOND);
        assertThat(late.calls).isEqualTo(1);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void failsWithWhatTheSerializerFailsWith() {
        SimulatedProducer sim = warm(config -> config);
        IllegalStateException cause = new IllegalStateException("incompatible schema");
        Sent late = sim.send(0, "late");
        registry.of("late").completeExceptionally(cause);
        sim.loop.advance(SECOND);
        Sent atOnce = sim.send(0, "late");
        sim.loop.advance(SECOND);

        assertThat(late.failure()).isInstanceOf(SerializationException.class).hasCause(cause);
        assertThat(late.failure().stage()).isEqualTo(Stage.SERIALIZE);
        assertThat(atOnce.failure()).isInstanceOf(SerializationException.class).hasCause(cause);
        assertThat(atOnce.failure().stage()).isEqualTo(Stage.PREPARE);
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.failure())
                .isSameAs(cause));
    }

    @Test
    void refusesBytesThatAreTooMany() {
        SimulatedProducer sim = warm(config -> config.maxRequestSize(1_000));
        Sent late = sim.send(0, "late");
        registry.of("late").complete(new byte[2_000]);
        sim.loop.advance(SECOND);

        assertThat(late.failure()).hasMessageContaining("record too large");
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void addsHeadersUntilTheBytesAreThere() {
        List<Headers> sentWith = new ArrayList<>();
        ProducerInterceptor<String, String> interceptor = new ProducerInterceptor<>() {
            @Override
            public void onAcknowledgement(
                    RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
                sentWith.add(headers);
            }
        };
        SimulatedProducer sim = SimulatedProducer.with(
                new PlugIns<>(Serializers.string(), registry, null, List.of(interceptor), thread -> false, observer),
                1,
                config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);
        ProducerRecord<String, String> record =
                new ProducerRecord<>(TOPIC, 0, null, "k", "late", Headers.of("own", "1"));
        CompletableFuture<?> future = sim.producer.send(record);
        sim.loop.advance(SECOND);
        Objects.requireNonNull(registry.contexts.get("late")).addHeader("schema", "17".getBytes(UTF_8));
        registry.answer("late");
        sim.loop.advance(SECOND);

        assertThat(future).isCompleted();
        assertThat(sentWith).containsExactly(Headers.of("own", "1").with("schema", "17"));
        assertThat(record.headers()).isEqualTo(Headers.of("own", "1"));
    }

    @Test
    void flushesAndClosesWhenTheBytesHaveCome() {
        SimulatedProducer sim = warm(config -> config);
        Sent late = sim.send(0, "late");
        sim.flush();
        sim.loop.advance(SECOND);
        assertThat(sim.flushes.get(0)).isNotDone();
        registry.answer("late");
        sim.loop.advance(SECOND);

        assertThat(sim.flushes.get(0)).isCompleted();
        assertThat(late.isDelivered()).isTrue();
        assertThat(sim.close(SECOND).isComplete()).isTrue();
        assertThat(registry.closed).isEqualTo(1);
    }

    @Test
    void reportsWhatHadNoBytesWhenItWasClosed() {
        SimulatedProducer sim = warm(config -> config);
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        CloseReport report = sim.close(Duration.ZERO);

        assertThat(report.submitted()).isEqualTo(3);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.undelivered()).hasSize(2);
        assertThat(report.undelivered().get(0).isSerialized()).isFalse();
        assertThat(report.undelivered().get(0).partition()).isZero();
        assertThat(report.undelivered().get(1).isSerialized()).isTrue();
        assertThat(late.calls).isEqualTo(1);
        assertThat(behind.calls).isEqualTo(1);
        registry.answer("late");
        assertThat(late.calls).isEqualTo(1);
    }

    @Test
    void countsAgainstTheBufferMemory() {
        SimulatedProducer sim = warm(config -> config.bufferMemory(64 * 1024)
                .batchSize(1024)
                .maxRequestSize(16 * 1024)
                .maxBlock(SECOND));
        int accepted = 0;
        while (sim.trySend(0, "late " + accepted)) {
            accepted++;
        }
        Sent refused = sim.send(0, "late too much");
        sim.loop.runReady();

        assertThat(accepted).isBetween(30, 64);
        assertThat(refused.failure()).isInstanceOf(BufferExhaustedException.class);
        for (int i = 0; i < accepted; i++) {
            registry.of("late " + i).complete(new byte[4_000]); // more than was counted: the memory is exceeded
        }
        sim.loop.advance(SECOND);
        assertThat(sim.sent.subList(1, accepted + 1)).allMatch(Sent::isDelivered);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void asksThePartitionerWhenTheBytesAreThere() {
        List<String> asked = new ArrayList<>();
        Partitioner<String, String> chooser = (record, topic) -> {
            asked.add(record.value() + " " + (record.valueBytes() == null ? "without" : "with") + " bytes");
            return 1;
        };
        SimulatedProducer sim = simulation(Serializers.string(), registry, chooser, config -> config);
        sim.cluster.topic(TOPIC, 1, 1, 1);
        sim.send(2, "now known");
        sim.loop.advance(SECOND);
        sim.send(TOPIC, null, "late", () -> {});
        sim.loop.advance(SECOND);
        assertThat(asked).isEmpty();
        registry.answer("late");
        sim.loop.advance(SECOND);

        assertThat(asked).containsExactly("late with bytes");
        assertThat(sim.log(1)).containsExactly("late");
    }

    @Test
    void leavesNullAlone() {
        SimulatedProducer sim = warm(config -> config);
        CompletableFuture<?> future = sim.producer.send(new ProducerRecord<>(TOPIC, 0, "k", null));
        sim.loop.advance(SECOND);

        assertThat(future).isCompleted();
        assertThat(registry.asked).isEmpty();
    }

    private static Sent sendKeyed(SimulatedProducer sim, String key, String value) {
        Sent record = sim.new Sent(TOPIC, null, value, () -> {});
        record.future = sim.producer.send(new ProducerRecord<>(TOPIC, key, value), record);
        return record;
    }
}
