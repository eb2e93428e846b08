package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster that takes everything and answers nothing. The same with a real socket and real time: make blackhole. */
class BlackHoleScenariosTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(1);
    private static final Duration LATEST = Duration.ofMillis(500);

    private final SimulatedProducer sim = new SimulatedProducer(2, config -> config.linger(Duration.ofMillis(5))
            .requestTimeout(Duration.ofSeconds(2))
            .deliveryTimeout(TIMEOUT));

    @Test
    @Tag("row-61")
    void recordsOfOneMomentFailAtTheirDeadlineAndNotBefore() {
        swallow();
        for (int i = 0; i < 10_000; i++) {
            sim.send(i % 4, "value-" + i);
        }
        sim.loop.advance(TIMEOUT.minus(STEP));
        assertThat(sim.sent).noneMatch(Sent::isDone);
        sim.loop.advance(STEP);
        assertAllTimedOut();
    }

    /** The records of a batch fail together, and a batch takes records for half a second at the most. */
    @Test
    @Tag("row-61")
    void aSteadyStreamFailsInOrderAtItsDeadlineAndNotBefore() {
        swallow();
        int records = 8_000;
        List<Duration> submitted = new ArrayList<>();
        List<Duration> failed = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            submitted.add(sim.loop.elapsed());
            sim.send(TOPIC, 0, "value-" + i, () -> failed.add(sim.loop.elapsed()));
            sim.loop.advance(STEP);
        }
        sim.loop.advance(TIMEOUT.plus(LATEST));

        assertAllTimedOut();
        assertThat(sim.completed).isEqualTo(sim.sent);
        for (int i = 0; i < records; i++) {
            assertThat(failed.get(i).minus(submitted.get(i)))
                    .as("record %s", i)
                    .isBetween(TIMEOUT, TIMEOUT.plus(LATEST));
        }
    }

    /** They are known to have come before the next look at their batch, and looks are an eighth of a second apart. */
    @Test
    @Tag("row-61")
    void recordsOfABurstFailTogetherRightAfterItsEnd() {
        swallow();
        for (int i = 0; i < 20; i++) {
            sim.send(0, "value-" + i);
            sim.loop.advance(STEP);
        }
        sim.loop.advance(TIMEOUT.minus(STEP));
        assertThat(sim.sent)
                .as("its first one went alone")
                .filteredOn(Sent::isDone)
                .hasSizeLessThan(10);
        sim.loop.advance(LATEST.dividedBy(4));
        assertAllTimedOut();
    }

    private void swallow() {
        sim.cluster.topic(TOPIC, 1, 1, 2, 2);
        sim.send(0, "makes the topic known");
        sim.loop.advance(TIMEOUT);
        sim.sent.clear();
        sim.completed.clear();
        sim.cluster.onProduce(call -> {});
    }

    private void assertAllTimedOut() {
        assertThat(sim.completed).hasSameSizeAs(sim.sent);
        assertThat(sim.sent)
                .allSatisfy(record -> assertThat(record.failure()).isInstanceOf(DeliveryTimeoutException.class));
        sim.loop.advance(TIMEOUT);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }
}
