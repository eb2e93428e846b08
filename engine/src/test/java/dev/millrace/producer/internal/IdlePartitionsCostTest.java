package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.sender.SenderParts;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sender's work follows the partitions that have something to do: each look at one reads the clock, which is counted. */
class IdlePartitionsCostTest {

    private static final int IDLE = Integer.getInteger("millrace.idle.partitions", 20_000);
    private static final int WAVE = 1_000;
    private static final int A_FEW = 30;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private long clockReads;
    private long timers;

    private final SimulatedProducer sim = SimulatedProducer.withSenderParts(
            2,
            config -> config.linger(Duration.ZERO).maxRequestSize(10 << 20),
            noJitter(),
            (network, parts) -> counting(parts));

    private SenderParts counting(SenderParts parts) {
        return new SenderParts(
                parts.settings(),
                new CountingLoop(parts.loop()),
                parts.accumulator(),
                parts.completions(),
                parts.metadata(),
                parts.connections(),
                parts.idempotence(),
                parts.gate(),
                parts.planner(),
                parts.retryBackoff(),
                parts.compression(),
                parts.observer());
    }

    private final class CountingLoop implements EventLoop {
        private final EventLoop real;

        CountingLoop(EventLoop real) {
            this.real = real;
        }

        @Override
        public boolean inEventLoop() {
            return real.inEventLoop();
        }

        @Override
        public long nanos() {
            clockReads++;
            return real.nanos();
        }

        @Override
        public void execute(Runnable task) {
            real.execute(task);
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            timers++;
            return real.schedule(delayNanos, task);
        }

        @Override
        public void addEndListener(Runnable listener) {
            real.addEndListener(listener);
        }

        @Override
        public void removeEndListener(Runnable listener) {
            real.removeEndListener(listener);
        }
    }

    private void useManyPartitions() {
        int[] leaders = new int[IDLE];
        Arrays.fill(leaders, 1);
        sim.cluster.topic(TOPIC, leaders);
        for (int first = 0; first < IDLE; first += WAVE) {
            for (int partition = first; partition < first + WAVE; partition++) {
                sim.send(partition, "once");
            }
            sim.loop.advance(Duration.ofMillis(10));
        }
        sim.loop.advance(SECOND.multipliedBy(150)); // also the deadline timers have looked for the last time
        assertThat(sim.sent).hasSize(IDLE).allMatch(Sent::isDelivered);
        clockReads = 0;
        timers = 0;
    }

    @Test
    @Tag("row-55")
    void sendLooksAtItsPartitionOnly() {
        useManyPartitions();
        Sent record = sim.sendAlone(7, "active");
        sim.loop.advance(Duration.ofMillis(10));
        assertThat(record.isDelivered()).isTrue();
        assertThat(clockReads).isLessThan(A_FEW);
    }

    @Test
    void newSnapshotLooksAtPartitionsWithSomethingToDoOnly() {
        useManyPartitions();
        sim.cluster.topic("news", 1);
        assertThat(sim.producer.partitionsFor("news")).isNotDone();
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER));
        Sent record = sim.sendAlone(7, "retried");
        sim.cluster.moveLeader(TOPIC, 7, 2);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(record.isDelivered()).isTrue();
        assertThat(sim.cluster.produceCalls()).last().matches(call -> call.nodeId() == 2);
        assertThat(clockReads).isLessThan(A_FEW);
    }

    /** The batches of a busy partition share its timers. */
    @Test
    void lingeringPartitionNeedsNoTimerForEachBatch() {
        SimulatedProducer busy = SimulatedProducer.withSenderParts(
                1,
                config -> config.linger(Duration.ofMillis(100)).batchSize(100),
                noJitter(),
                (network, parts) -> counting(parts));
        busy.cluster.topic(TOPIC, 1);
        for (int i = 0; i < 1_000; i++) {
            busy.send(0, "x".repeat(30));
            busy.loop.advance(Duration.ofNanos(100_000));
        }
        busy.loop.advance(SECOND);
        assertThat(busy.sent).allMatch(Sent::isDelivered);
        assertThat(busy.cluster.produceCalls()).hasSizeGreaterThan(100);
        assertThat(timers).isLessThan(10);
    }
}
