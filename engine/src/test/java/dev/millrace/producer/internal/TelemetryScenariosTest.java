package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.TelemetryReceiver.Push;
import dev.millrace.producer.internal.TelemetryReceiver.Question;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a producer tells brokers that want to know (KIP-714). */
@Timeout(20)
class TelemetryScenariosTest {

    private static final Duration MINUTE = Duration.ofMinutes(1); // the interval of the receiver
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration STEP = Duration.ofNanos(1_000); // the closing thread must not take minutes to start
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final String SENT = "producer.record.send.total";

    private final List<ObserverRelay> relays = new ArrayList<>();
    private SimulatedProducer sim = producer(1, noJitter());
    private TelemetryReceiver receiver = new TelemetryReceiver(sim.cluster, 1);

    private SimulatedProducer producer(int nodes, RandomGenerator random) {
        return SimulatedProducer.withSenderParts(nodes, TelemetryScenariosTest::settings, random, (network, parts) -> {
            relays.add(parts.observer());
            return parts;
        });
    }

    private static ProducerConfig.Builder settings(ProducerConfig.Builder config) {
        return config.linger(Duration.ZERO)
                .telemetryPush(true)
                .clientRack("a")
                .metadataMaxAge(Duration.ofHours(10))
                .connectionMaxIdle(Duration.ofHours(10));
    }

    private void another(int nodes, RandomGenerator random) {
        relays.clear();
        sim = producer(nodes, random);
        receiver = new TelemetryReceiver(sim.cluster, nodes);
    }

    private void deliver(String... values) {
        sim.cluster.topic(TOPIC, 1);
        for (String value : values) {
            sim.sendAlone(0, value);
        }
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    private boolean isCounting() {
        return relays.get(relays.size() - 1).isActive();
    }

    private static Duration around(Duration time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    @Tag("row-118")
    void asksAtTheStartAndPushesInTheBrokersInterval() {
        deliver("a", "b");
        sim.loop.advance(MINUTE.multipliedBy(2));
        deliver("c");
        sim.loop.advance(MINUTE);

        assertThat(receiver.questions).extracting(Question::clientInstanceId).containsExactly(new UUID(0, 0));
        assertThat(receiver.pushes)
                .extracting(push -> around(push.at()))
                .containsExactly(MINUTE, MINUTE.multipliedBy(2), MINUTE.multipliedBy(3));
        assertThat(receiver.pushes).extracting(push -> push.sum(SENT)).containsExactly(2.0, 0.0, 1.0);
        assertThat(receiver.pushes).allSatisfy(push -> {
            assertThat(push.request().clientInstanceId()).isEqualTo(TelemetryReceiver.INSTANCE_ID);
            assertThat(push.request().subscriptionId()).isEqualTo(5);
            assertThat(push.request().terminating()).isFalse();
            assertThat(push.request().compressionType()).isZero();
        });
    }

    @Test
    @Tag("row-118")
    void sumsAreCumulativeIfTheBrokerWantsThem() {
        receiver.delta = false;
        deliver("a", "b");
        sim.loop.advance(MINUTE);
        deliver("c");
        sim.loop.advance(MINUTE);

        assertThat(receiver.pushes).extracting(push -> push.sum(SENT)).containsExactly(2.0, 3.0);
    }

    @ParameterizedTest
    @Tag("row-118")
    @CsvSource({"0, 30", "-1, 90"})
    void theFirstPushIsSpreadOverAnInterval(long bits, int second) {
        another(1, () -> bits); // nextDouble() is 0, and almost 1
        sim.loop.advance(Duration.ofSeconds(100));

        assertThat(around(receiver.pushes.get(0).at())).isEqualTo(Duration.ofSeconds(second));
        sim.loop.advance(MINUTE);
        assertThat(around(receiver.pushes.get(1).at()))
                .isEqualTo(Duration.ofSeconds(second).plus(MINUTE));
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(ints = {0, -1})
    void anIntervalThatIsNoneIsFiveMinutes(int millis) {
        receiver.intervalMillis = millis;
        sim.loop.advance(Duration.ofMinutes(11));

        assertThat(receiver.pushes)
                .extracting(push -> around(push.at()))
                .containsExactly(Duration.ofMinutes(5), Duration.ofMinutes(10));
    }

    @Test
    @Tag("row-118")
    void nothingIsCountedUnlessSomethingIsWanted() {
        receiver.prefixes = List.of();
        deliver("a");
        assertThat(isCounting()).isFalse();
        sim.loop.advance(MINUTE);
        assertThat(receiver.questions).hasSize(2);
        assertThat(isCounting()).isFalse();

        receiver.prefixes = List.of("");
        sim.loop.advance(MINUTE);
        assertThat(isCounting()).isTrue();
        deliver("b");
        sim.loop.advance(MINUTE);
        assertThat(receiver.pushes).extracting(push -> push.sum(SENT)).containsExactly(1.0);

        receiver.prefixes = List.of();
        receiver.pushErrors.add(ErrorCode.UNKNOWN_SUBSCRIPTION_ID);
        sim.loop.advance(MINUTE);
        assertThat(isCounting()).isFalse();
        assertThat(receiver.questions)
                .extracting(Question::clientInstanceId)
                .last()
                .isEqualTo(TelemetryReceiver.INSTANCE_ID);
    }

    @Test
    @Tag("row-118")
    void onlyWhatIsWantedIsPushed() {
        receiver.prefixes = List.of("org.apache.kafka.producer.record.send.", "org.apache.kafka.producer.topic.byte");
        deliver("a");
        sim.loop.advance(MINUTE);

        assertThat(receiver.pushes.get(0).metrics())
                .extracting(Metric::getName)
                .containsExactlyInAnyOrder(
                        "org.apache.kafka.producer.record.send.rate",
                        "org.apache.kafka.producer.record.send.total",
                        "org.apache.kafka.producer.topic.byte.rate",
                        "org.apache.kafka.producer.topic.byte.total");
    }

    @Test
    @Tag("row-118")
    void pushesAreCompressedAsTheBrokerLikesBest() {
        receiver.codecs = List.of((byte) 77, (byte) Compression.GZIP.id(), (byte) Compression.ZSTD.id());
        sim.loop.advance(MINUTE.plus(SECOND));

        assertThat((int) receiver.pushes.get(0).request().compressionType()).isEqualTo(Compression.GZIP.id());
    }

    @Test
    @Tag("row-118")
    void whatDoesNotFitIsNotSent() {
        receiver.maxBytes = 10;
        sim.loop.advance(MINUTE.multipliedBy(3));

        assertThat(receiver.pushes).isEmpty();
        assertThat(receiver.questions).hasSize(1);
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(shorts = {117, 76})
    void anOutdatedSubscriptionIsRenewedAtOnce(short code) {
        receiver.pushErrors.add(ErrorCode.of(code));
        sim.loop.advance(MINUTE.plus(SECOND));

        assertThat(receiver.pushes).hasSize(1);
        assertThat(receiver.questions).hasSize(2);
        assertThat(receiver.questions.get(1).clientInstanceId()).isEqualTo(TelemetryReceiver.INSTANCE_ID);
        assertThat(receiver.questions.get(1).at().minus(receiver.pushes.get(0).at()))
                .isLessThan(SECOND);
        sim.loop.advance(MINUTE);
        assertThat(receiver.pushes).hasSize(2);
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(shorts = {118, 89})
    void aBrokerThatHasTooMuchIsLeftAloneForAnInterval(short code) {
        receiver.pushErrors.add(ErrorCode.of(code));
        sim.loop.advance(MINUTE.multipliedBy(2).plus(SECOND));

        assertThat(receiver.questions).hasSize(1);
        assertThat(receiver.pushes).hasSize(2);
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(shorts = {42, 87, 35, -1, 29})
    void aRefusalIsForGood(short code) {
        receiver.pushErrors.add(ErrorCode.of(code));
        sim.loop.advance(Duration.ofHours(1));

        assertThat(receiver.questions).hasSize(1);
        assertThat(receiver.pushes).hasSize(1);
        assertThat(isCounting()).isFalse();
        deliver("a");
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(shorts = {42, 87, 35, -1})
    void aRefusedQuestionIsNotAskedAgain(short code) {
        receiver.questionErrors.add(ErrorCode.of(code));
        CompletableFuture<UUID> id = sim.producer.clientInstanceId();
        sim.loop.advance(Duration.ofHours(1));

        assertThat(receiver.questions).hasSize(1);
        assertThat(receiver.pushes).isEmpty();
        assertFailsForGood(id);
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(shorts = {89, 118, 117, 76})
    void aQuestionThatComesAtABadTimeIsAskedAgain(short code) {
        receiver.questionErrors.add(ErrorCode.of(code));
        sim.loop.advance(Duration.ofMinutes(5).plus(SECOND));

        assertThat(receiver.questions).hasSize(2);
        assertThat(around(receiver.questions.get(1).at())).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    @Tag("row-118")
    void aBrokerThatLacksTheApisIsNotAsked() {
        relays.clear();
        sim = producer(1, noJitter()); // nobody takes metrics here
        CompletableFuture<UUID> id = sim.producer.clientInstanceId();
        deliver("a");
        sim.loop.advance(Duration.ofHours(1));

        assertThat(sim.cluster.broker(1).requests(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS))
                .isEmpty();
        assertThat(isCounting()).isFalse();
        assertFailsForGood(id);
    }

    @Test
    @Tag("row-118")
    void aLostConnectionCostsAnInterval() {
        receiver.onPush = SimulatedRequest::closeConnection;
        sim.loop.advance(MINUTE.plus(SECOND));
        receiver.onPush = receiver::answer;
        sim.loop.advance(MINUTE);

        assertThat(receiver.questions).hasSize(1);
        assertThat(receiver.pushes)
                .extracting(push -> around(push.at()))
                .containsExactly(MINUTE, MINUTE.multipliedBy(2));
    }

    @Test
    @Tag("row-118")
    void aBrokerThatIsSilentIsGivenUpWithTheRequestTimeout() {
        receiver.onPush = push -> {};
        sim.loop.advance(MINUTE.plus(SECOND));
        receiver.onPush = receiver::answer;
        sim.loop.advance(MINUTE.multipliedBy(2));

        assertThat(receiver.pushes)
                .extracting(push -> around(push.at()))
                .containsExactly(MINUTE, MINUTE.multipliedBy(2).plusSeconds(30));
    }

    @Test
    @Tag("row-118")
    void allPushesGoToOneNodeUntilItIsGone() {
        another(3, new Random(7));
        sim.cluster.topic(TOPIC, 1, 2, 3);
        sim.loop.advance(MINUTE.multipliedBy(10));
        Set<Integer> first = receiver.pushes.stream().map(Push::node).collect(Collectors.toSet());
        assertThat(receiver.pushes).hasSizeGreaterThan(7);
        assertThat(first).hasSize(1);

        sim.cluster.broker(first.iterator().next()).goDown();
        receiver.pushes.clear();
        sim.loop.advance(MINUTE.multipliedBy(10));

        Set<Integer> second = receiver.pushes.stream().map(Push::node).collect(Collectors.toSet());
        assertThat(receiver.pushes).hasSizeGreaterThan(7);
        assertThat(second).hasSize(1).isNotEqualTo(first);
    }

    @Test
    @Tag("row-118")
    void theIdIsTheOneTheBrokerGave() {
        CompletableFuture<UUID> id = sim.producer.clientInstanceId();
        List<Boolean> onDelivery = new ArrayList<>();
        var unused = id.thenAccept(given -> onDelivery.add(sim.delivery.inDelivery()));
        assertThat(id).isNotDone();
        sim.loop.advance(SECOND);

        assertThat(id).isCompletedWithValue(TelemetryReceiver.INSTANCE_ID);
        assertThat(onDelivery).containsExactly(true);
        assertThat(sim.producer.clientInstanceId()).isCompletedWithValue(TelemetryReceiver.INSTANCE_ID);
    }

    @Test
    @Tag("row-118")
    void aProducerOfTransactionsHasAnIdToo() {
        SimulatedTransactionalProducer transactional =
                new SimulatedTransactionalProducer(2, 1, config -> config, List.of());
        TelemetryReceiver asked = new TelemetryReceiver(transactional.cluster, 1);
        CompletableFuture<UUID> id = transactional.producer.clientInstanceId();
        transactional.loop.advance(SECOND);

        assertThat(id).isCompletedWithValue(TelemetryReceiver.INSTANCE_ID);
        assertThat(asked.questions).hasSize(1);
    }

    @Test
    @Tag("row-118")
    void thereIsNoIdIfTelemetryIsOff() {
        sim = new SimulatedProducer(1, config -> config.telemetryPush(false));
        receiver = new TelemetryReceiver(sim.cluster, 1);
        sim.loop.advance(Duration.ofHours(1));

        assertFailsForGood(sim.producer.clientInstanceId());
        assertThat(receiver.questions).isEmpty();
    }

    @Test
    @Tag("row-118")
    void closeEndsWithAPush() {
        deliver("a");
        sim.loop.advance(MINUTE);
        sim.cluster.onProduce(call -> sim.loop.schedule(MILLI.toNanos(), call::appendAndAnswer));
        sim.send(0, "b");
        assertThat(sim.close(CLOSE_TIMEOUT, STEP).isComplete()).isTrue();

        assertThat(receiver.pushes)
                .extracting(push -> push.request().terminating())
                .containsExactly(false, true);
        assertThat(receiver.pushes).extracting(push -> push.sum(SENT)).containsExactly(1.0, 1.0);
        assertThat(sim.released).isTrue();
        assertThat(isCounting()).isFalse();
    }

    @Test
    @Tag("row-118")
    void theLastPushFollowsTheOneUnderWay() {
        deliver("a");
        List<SimulatedRequest> held = new ArrayList<>();
        receiver.onPush = held::add;
        sim.loop.advance(MINUTE);
        assertThat(held).hasSize(1);
        receiver.onPush = receiver::answer;
        sim.loop.schedule(MILLI.toNanos() * 5, () -> receiver.answer(held.get(0)));
        sim.close(CLOSE_TIMEOUT, STEP);

        assertThat(receiver.pushes)
                .extracting(push -> push.request().terminating())
                .containsExactly(false, true);
    }

    @Test
    @Tag("row-118")
    void closeWithoutSubscriptionPushesNothing() {
        receiver.prefixes = List.of();
        deliver("a");
        sim.close(CLOSE_TIMEOUT);

        assertThat(receiver.pushes).isEmpty();
    }

    @Test
    @Tag("row-118")
    void closeWithoutTimePushesNothing() {
        deliver("a");
        sim.close(Duration.ZERO);

        assertThat(receiver.pushes).isEmpty();
        assertThat(sim.released).isTrue();
    }

    @Test
    @Tag("row-118")
    void aBrokerThatDoesNotTakeTheLastPushDelaysCloseNoLongerThanItsTimeout() {
        deliver("a");
        CompletableFuture<UUID> id = sim.producer.clientInstanceId();
        receiver.onPush = push -> {};
        long began = System.nanoTime();
        sim.close(Duration.ofMillis(200));

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(10));
        assertThat(receiver.pushes).hasSize(1);
        assertThat(sim.released).isTrue();
        assertThat(id).isCompletedWithValue(TelemetryReceiver.INSTANCE_ID);
    }

    @Test
    @Tag("row-118")
    void closeBeforeTheBrokerHasAnsweredFailsTheId() {
        sim = producer(1, noJitter());
        CompletableFuture<UUID> id = sim.producer.clientInstanceId();
        sim.close(CLOSE_TIMEOUT);

        assertFailsForGood(id);
    }

    @Test
    @Tag("row-118")
    void theEndOfTheEventLoopFailsTheId() {
        CompletableFuture<UUID> id = sim.producer.clientInstanceId();
        sim.loop.end();

        assertFailsForGood(id);
    }

    private static void assertFailsForGood(CompletableFuture<UUID> id) {
        assertThat(id).isDone();
        assertThatThrownBy(id::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no client instance id");
    }
}
