package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a record fails because it was not delivered: not before its delivery timeout, and soon after it. */
class DeadlineScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LATEST = Duration.ofMillis(500);

    private final SimulatedProducer sim = new SimulatedProducer(
            1, config -> config.requestTimeout(SECOND.multipliedBy(2)).deliveryTimeout(TIMEOUT));
    private final Map<Sent, Duration> waited = new HashMap<>();

    private Sent send(SimulatedProducer by, String value) {
        Duration now = by.loop.elapsed();
        Sent[] self = new Sent[1];
        self[0] = by.send(
                TOPIC, null, value, () -> waited.put(self[0], by.loop.elapsed().minus(now)));
        return self[0];
    }

    private void assertFailsInTime(Sent record, Duration timeout, Duration latest) {
        assertThat(record.failure()).isInstanceOf(DeliveryTimeoutException.class);
        assertThat(waited.get(record)).as("%s", record).isBetween(timeout, timeout.plus(latest));
    }

    /** A batch that lingers has records of very different age: it fails when its last one has had its time. */
    @Test
    @Tag("row-61")
    void batchThatLingersLongFailsWithItsLastRecord() {
        Duration linger = SECOND.multipliedBy(5);
        SimulatedProducer patient = new SimulatedProducer(1, config -> config.linger(linger)
                .requestTimeout(SECOND.multipliedBy(2))
                .deliveryTimeout(TIMEOUT));
        patient.cluster.topic(TOPIC, -1);
        Sent first = send(patient, "first");
        patient.loop.advance(SECOND.multipliedBy(4));
        Sent last = send(patient, "last");
        patient.loop.advance(TIMEOUT.minus(STEP));
        assertThat(patient.sent).noneMatch(Sent::isDone);
        patient.loop.advance(SECOND);
        assertFailsInTime(first, TIMEOUT, linger);
        assertFailsInTime(last, TIMEOUT, linger.dividedBy(20));
        assertThat(patient.completed).containsExactly(first, last);
    }

    /** Waiting for the topic counts, for each record from its own acceptance. */
    @Test
    @Tag("row-61")
    void recordsThatWaitedForTheirTopicKeepTheirDeadlines() {
        sim.cluster.onProduce(call -> {});
        for (int i = 0; i < 100; i++) {
            send(sim, "waits-" + i);
            sim.loop.advance(Duration.ofMillis(100));
        }
        sim.cluster.topic(TOPIC, 1);
        for (int i = 0; i < 50; i++) {
            send(sim, "follows-" + i);
            sim.loop.advance(Duration.ofMillis(100));
        }
        sim.loop.advance(TIMEOUT.plus(LATEST));
        assertThat(sim.completed).isEqualTo(sim.sent);
        assertThat(sim.sent).allSatisfy(record -> assertFailsInTime(record, TIMEOUT, LATEST));
    }

    /** What was drained and sent at last has the time that is left, and not that of older records. */
    @Test
    @Tag("row-61")
    void recordsThatWereSentLateKeepTheirDeadlines() {
        sim.cluster.topic(TOPIC, -1);
        for (int i = 0; i < 150; i++) {
            send(sim, "waits-" + i);
            sim.loop.advance(Duration.ofMillis(100));
        }
        sim.cluster.onProduce(call -> {});
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(sim.cluster.produceCalls()).isNotEmpty();
        sim.loop.advance(TIMEOUT);
        assertThat(sim.completed).isEqualTo(sim.sent);
        assertThat(sim.sent).allSatisfy(record -> assertFailsInTime(record, TIMEOUT, LATEST));
    }

    /** A record that comes while the batch it joins is about to end does not end with it. */
    @Test
    @Tag("row-61")
    void recordThatComesAtTheDeadlineOfOthersHasItsOwn() {
        Duration linger = TIMEOUT.minusSeconds(2);
        SimulatedProducer patient = new SimulatedProducer(
                1, config -> config.linger(linger).requestTimeout(STEP).deliveryTimeout(TIMEOUT));
        patient.cluster.topic(TOPIC, -1);
        Sent first = send(patient, "first");
        patient.loop.advance(linger.minus(STEP));
        Sent last = send(patient, "last");
        patient.loop.advance(TIMEOUT.minus(STEP));
        assertThat(patient.sent).noneMatch(Sent::isDone);
        patient.loop.advance(SECOND);
        assertFailsInTime(first, TIMEOUT, linger);
        assertFailsInTime(last, TIMEOUT, linger.dividedBy(20));
    }

    @Test
    void flushEndsWhenTheLastRecordFails() {
        sim.cluster.topic(TOPIC, -1);
        send(sim, "first");
        sim.loop.advance(SECOND);
        Sent last = send(sim, "last");
        sim.flush();
        sim.loop.advance(TIMEOUT.minus(STEP));
        assertThat(sim.flushes.get(0)).isNotDone();
        sim.loop.advance(LATEST);
        assertFailsInTime(last, TIMEOUT, LATEST);
        assertThat(sim.flushes.get(0)).isDone();
    }
}
