package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.record.RecordBatch;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records that end before the network is done with their memory: nobody else may write to it (KAFKA-19012). */
class StuckMemoryScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int BUFFER = 64 * 1024;
    private static final String STUCK = "s".repeat(10_000);
    private static final String FOREIGN = "f".repeat(3_000);

    private final List<ProduceCall> held = new ArrayList<>();

    /** A retry after 1 s of 3, so that the record ends 1 s before its second request does. */
    private final SimulatedProducer sim = new SimulatedProducer(2, config -> config.linger(Duration.ZERO)
            .retryBackoff(SECOND)
            .requestTimeout(SECOND.multipliedBy(3))
            .deliveryTimeout(SECOND.multipliedBy(3))
            .batchSize(4_096)
            .maxRequestSize(16 * 1024)
            .bufferMemory(BUFFER));

    private Sent sendTwice() {
        sim.cluster.topic(TOPIC, 1, 2);
        sim.sendAlone(0, "warm");
        sim.sendAlone(1, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        sim.sent.clear();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.NOT_ENOUGH_REPLICAS);
        Sent record = sim.sendAlone(0, STUCK);
        assertThat(sim.cluster.produceCalls()).hasSize(3);
        return record;
    }

    private static void assertTimedOut(Sent record) {
        assertThat(record.failure()).isInstanceOf(DeliveryTimeoutException.class);
        assertThat(record.calls).isOne();
    }

    /** Everything that is free, to the other node, which does not answer before {@link #answerHeld}. */
    private int useAllMemory() {
        sim.cluster.onProduce(call -> {
            if (call.nodeId() == 2) {
                held.add(call);
            } else {
                call.appendAndAnswer();
            }
        });
        int accepted = 0;
        while (sim.producer.trySend(new ProducerRecord<>(TOPIC, 1, null, FOREIGN)) != null) {
            accepted++;
            sim.loop.runReady();
        }
        return accepted;
    }

    private void answerHeld() {
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.forEach(ProduceCall::appendAndAnswer);
        held.clear();
    }

    private void assertAllMemoryIsBack(int foreign) {
        answerHeld();
        sim.loop.advance(SECOND);
        assertThat(sim.log(1)).hasSize(1 + foreign);
        assertThat(sim.log(1).subList(1, 1 + foreign)).containsOnly(FOREIGN);
        assertThat(sim.pool.usage().usedBytes()).isZero();
        Sent next = sim.sendAlone(0, "next");
        sim.loop.advance(SECOND.multipliedBy(3));
        assertThat(next.isDelivered()).isTrue();
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    @Tag("row-45")
    void memoryOfARecordThatEndedInFlightComesBackWithTheLateAnswerAndOnce() {
        Sent record = sendTwice();
        List<ProduceCall> late = new ArrayList<>();
        sim.cluster.onProduce(late::add);
        sim.loop.advance(SECOND.multipliedBy(3));
        assertTimedOut(record);
        assertThat(late).hasSize(1);
        assertThat(sim.pool.usage().usedBytes()).as("in flight").isGreaterThanOrEqualTo(STUCK.length());
        int foreign = useAllMemory();
        assertThat(foreign).isPositive().isLessThan((BUFFER - STUCK.length()) / FOREIGN.length());

        long usedBefore = sim.pool.usage().usedBytes();
        late.get(0).appendAndAnswer();
        sim.loop.runReady();
        assertThat(usedBefore - sim.pool.usage().usedBytes()).isBetween((long) STUCK.length(), STUCK.length() + 8_192L);
        assertThat(record.calls).isOne();
        sim.loop.advance(Duration.ofMillis(500));
        assertAllMemoryIsBack(foreign);
    }

    @Test
    @Tag("row-46")
    void halfWrittenFrameKeepsItsBytesWhileAllOtherMemoryIsUsed() {
        Sent record = sendTwice();
        List<ByteBuffer> before = getStuck();
        sim.loop.advance(SECOND.multipliedBy(2));
        assertTimedOut(record);
        int foreign = useAllMemory();
        assertThat(foreign).isPositive();
        assertThat(sim.cluster.broker(1).unread()).isEqualTo(before);

        sim.cluster.broker(1).resumeReading();
        sim.loop.advance(Duration.ofMillis(500));
        RecordBatch arrived = sim.cluster.produceCalls().stream()
                .filter(call -> call.nodeId() == 1)
                .reduce((first, second) -> second)
                .orElseThrow()
                .onlyBatch(); // reading it has checked its CRC
        assertThat(arrived.records()).singleElement().satisfies(each -> assertThat(each.value())
                .isEqualTo(STUCK.getBytes(UTF_8)));
        assertThat(sim.log(0)).containsExactly("warm", STUCK);
        assertThat(record.calls).isOne();
        assertAllMemoryIsBack(foreign);
    }

    @Test
    @Tag("row-46")
    void halfWrittenFrameGivesItsMemoryBackWithItsConnection() {
        Sent record = sendTwice();
        List<ByteBuffer> before = getStuck();
        sim.loop.advance(SECOND.multipliedBy(2));
        assertTimedOut(record);
        int foreign = useAllMemory();
        sim.loop.advance(Duration.ofMillis(990));
        assertThat(sim.cluster.broker(1).unread()).isEqualTo(before);
        long used = sim.pool.usage().usedBytes();
        sim.loop.advance(Duration.ofMillis(20)); // the request timeout
        assertThat(sim.cluster.broker(1).unread()).doesNotContainAnyElementsOf(before);
        assertThat(used - sim.pool.usage().usedBytes()).isGreaterThanOrEqualTo(STUCK.length());
        sim.cluster.broker(1).resumeReading();
        assertAllMemoryIsBack(foreign);
        assertThat(sim.log(0)).containsExactly("warm", "next");
    }

    /** The connection takes half of the second request. Returns what it holds. */
    private List<ByteBuffer> getStuck() {
        sim.loop.advance(Duration.ofMillis(500));
        sim.cluster.broker(1).stopReadingWithinAFrame();
        sim.loop.advance(Duration.ofMillis(500));
        List<ByteBuffer> stuck = sim.cluster.broker(1).unread();
        assertThat(stuck).singleElement().satisfies(frame -> assertThat(
                        UTF_8.decode(frame.duplicate()).toString())
                .contains(STUCK));
        return stuck;
    }
}
