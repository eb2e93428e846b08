package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.sender.SenderParts;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What else can go wrong with sequences: the wrap, gaps, identities that run out; and what is drawn or left in the end. */
@Timeout(30)
class SequenceFaultsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MAX = Integer.MAX_VALUE;

    private static SimulatedProducer warm(int firstSequence) {
        SimulatedProducer sim = SimulatedProducer.withSenderParts(
                1,
                config -> config.linger(Duration.ZERO).batchSize(1),
                noJitter(),
                (network, parts) -> startingAt(firstSequence, parts));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        return sim;
    }

    private static SenderParts startingAt(int firstSequence, SenderParts parts) {
        return new SenderParts(
                parts.settings(),
                parts.loop(),
                parts.accumulator(),
                parts.completions(),
                parts.metadata(),
                parts.connections(),
                listener -> new IdentitySource(
                        "test", parts.metadata(), parts.loop(), parts.retryBackoff(), listener, firstSequence),
                parts.gate(),
                parts.planner(),
                parts.retryBackoff(),
                parts.compression(),
                parts.observer());
    }

    private static List<ProduceCall> hold(SimulatedProducer sim) {
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        return held;
    }

    private static void sendFive(SimulatedProducer sim) {
        for (int i = 0; i < 5; i++) {
            sim.sendAlone(0, "r" + i);
        }
    }

    private static void assertAllDeliveredInOrder(SimulatedProducer sim) {
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    private static List<Integer> sequences(SimulatedProducer sim) {
        return sim.cluster.log(TOPIC, 0).batches().stream()
                .map(RecordBatchHeader::baseSequence)
                .toList();
    }

    /** The first of five is refused, the others are out of order because of it. */
    @Test
    @Tag("row-85")
    @Tag("T7")
    void retriesGoAcrossTheWrapOfTheSequences() {
        SimulatedProducer sim = warm(MAX - 2);
        List<ProduceCall> held = hold(sim);
        sendFive(sim);
        held.get(0).refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        held.subList(1, 5).forEach(ProduceCall::appendAndAnswer);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder(sim);
        assertThat(sequences(sim)).containsExactly(MAX - 2, MAX - 1, MAX, 0, 1, 2);
    }

    /** The first is in the log but said not to be, the others are acknowledged before it. */
    @Test
    @Tag("row-85")
    @Tag("T7")
    void acknowledgementsComeOutOfOrderAcrossTheWrap() {
        SimulatedProducer sim = warm(MAX - 1);
        List<ProduceCall> held = hold(sim);
        sendFive(sim);
        held.get(0).append();
        held.get(0).refuse(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        held.subList(1, 5).forEach(ProduceCall::appendAndAnswer);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertThat(sequences(sim)).containsExactly(MAX - 1, MAX, 0, 1, 2, 3);
    }

    /** A batch that holds the wrap is doubled by the cut connection, and the broker must know it again. */
    @Test
    @Tag("row-85")
    @Tag("T7")
    void batchAcrossTheWrapIsNotDoubled() {
        SimulatedProducer sim = warm(MAX - 1);
        sim.cluster.onProduce(call -> {
            call.append();
            call.request().closeConnection();
        });
        sim.sendAlone(0, "last before the wrap");
        sim.loop.runReady();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sendFive(sim);
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder(sim);
    }

    @Test
    @Tag("row-85")
    @Tag("T7")
    void batchThatHoldsTheWrapIsSplit() {
        SimulatedProducer sim = SimulatedProducer.withSenderParts(
                1,
                config -> config.linger(Duration.ofMillis(10)).batchSize(10_000),
                noJitter(),
                (network, parts) -> startingAt(MAX - 4, parts));
        sim.cluster.topic(TOPIC, 1);
        sim.send(0, "warm");
        sim.loop.advance(SECOND);
        sim.cluster.limitBatches(500);
        for (int i = 0; i < 12; i++) {
            sim.send(0, i + "x".repeat(90));
        }
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder(sim);
    }

    /** What follows a gap would only be refused: it is stamped when all that was stamped before has ended. */
    @Test
    @Tag("row-79")
    void nothingIsStampedBehindAGapWhileOthersAreInFlight() {
        SimulatedProducer sim = warm(0);
        List<ProduceCall> held = hold(sim);
        Sent rejected = sim.sendAlone(0, "rejected");
        Sent second = sim.sendAlone(0, "second");
        held.get(0).refuse(ErrorCode.INVALID_RECORD);
        sim.loop.runReady();
        assertThat(rejected.isDone()).isTrue();
        Sent third = sim.sendAlone(0, "third");
        assertThat(held).as("the gap stands until the second is back").hasSize(2);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.get(1).appendAndAnswer();
        sim.loop.advance(SECOND);
        assertThat(second.isDelivered() && third.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("warm", "second", "third");
        assertThat(sequences(sim)).containsExactly(0, 0, 1);
    }

    /** Not only what is queued: what is to be sent again waits for the new identity as well. */
    @Test
    @Tag("row-84")
    @Tag("row-88")
    void refusedIdentityAfterTheLastEpochFailsWhatIsToBeSentAgain() {
        SimulatedProducer sim =
                new SimulatedProducer(1, config -> config.linger(Duration.ZERO).batchSize(1));
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.firstEpoch(Short.MAX_VALUE);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        sim.cluster.failNext(TOPIC, 0, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        sim.cluster.failNextIdentities(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        Sent again = sim.sendAlone(0, "again");
        sim.loop.advance(SECOND);
        Fault.NO_PRODUCER_ID_AFTER_THE_LAST_EPOCH.isToldBy(again.failure());
        assertThat(again.failure())
                .isInstanceOf(AuthorizationException.class)
                .hasMessageContaining("no producer id")
                .hasMessageContaining("CLUSTER_AUTHORIZATION_FAILED");
        assertThat(again.failure().mayHaveBeenWritten()).isFalse();
        Sent next = sim.sendAlone(0, "next");
        sim.loop.advance(SECOND);
        assertThat(next.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("warm", "next");
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    /** However often the sender looks, the backoff stays as it was drawn. */
    @ParameterizedTest
    @Tag("T13")
    @EnumSource(
            value = ErrorCode.class,
            names = {"NOT_ENOUGH_REPLICAS", "KAFKA_STORAGE_ERROR"})
    void backoffIsDrawnOncePerAttempt(ErrorCode error) {
        int[] draws = {0};
        RandomGenerator counting = () -> {
            draws[0]++;
            return 0;
        };
        SimulatedProducer sim =
                new SimulatedProducer(1, config -> config.linger(Duration.ZERO).batchSize(1), counting);
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        sim.cluster.failNext(TOPIC, 0, error);
        Sent record = sim.sendAlone(0, "again");
        sim.loop.advance(Duration.ofMillis(1));
        int drawn = draws[0];
        for (int i = 0; i < 50; i++) {
            sim.sendAlone(0, "looks " + i);
            sim.loop.advance(Duration.ofMillis(1));
        }
        assertThat(draws[0]).isEqualTo(drawn);
        assertThat(record.isDone()).isFalse();
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    /** The broker takes the first requests and then says nothing any more. */
    @Test
    @Tag("row-111")
    @Tag("T4")
    void closeWhoseTimeRunsOutReportsExactlyTheRest() {
        SimulatedProducer sim = new SimulatedProducer(
                1, config -> config.linger(Duration.ofSeconds(10)).batchSize(1));
        sim.cluster.topic(TOPIC, 1, 1);
        sim.send(0, "warm");
        sim.send(1, "warm");
        sim.flush();
        sim.loop.advance(SECOND);
        int[] taken = {0};
        sim.cluster.onProduce(call -> {
            if (taken[0]++ < 3) {
                call.appendAndAnswer();
            }
        });
        for (int i = 0; i < 40; i++) {
            sim.send(i % 2, "r" + i + "x".repeat(100));
            if (i % 4 == 0) {
                sim.loop.runReady();
            }
        }
        CloseReport report = sim.close(Duration.ofMillis(300), Duration.ofNanos(1000));
        List<Sent> rest = sim.sent.stream().filter(each -> !each.isDelivered()).toList();
        assertThat(rest).isNotEmpty().hasSizeLessThan(40);
        assertThat(rest).allMatch(record -> record.failure() instanceof ProducerClosedException);
        for (int partition = 0; partition < 2; partition++) {
            int wanted = partition;
            assertThat(report.undelivered().stream()
                            .filter(record -> record.partition() == wanted)
                            .map(record -> new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8)))
                    .containsExactlyElementsOf(rest.stream()
                            .filter(record -> Objects.requireNonNull(record.partition) == wanted)
                            .map(record -> record.value)
                            .toList());
        }
        assertThat(report.submitted()).isEqualTo(42);
        assertThat(report.delivered()).isEqualTo(42 - rest.size());
        assertThat(report.failed()).isEqualTo(rest.size());
    }
}
