package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Data that cannot be sent for a while costs nothing in that while: what ends the wait is an event, and is waited for. */
class BlockedDataScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WHILE = Duration.ofSeconds(5);
    private static final int RECORDS = 50;

    private static SimulatedProducer warm(UnaryOperator<ProducerConfig.Builder> settings) {
        SimulatedProducer sim = new SimulatedProducer(
                1, config -> settings.apply(config.linger(Duration.ZERO).batchSize(1)));
        sim.cluster.topic(TOPIC, 1, 1);
        sim.sendAlone(0, "warm");
        sim.sendAlone(1, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        return sim;
    }

    private static void sendMany(SimulatedProducer sim) {
        for (int i = 0; i < RECORDS; i++) {
            sim.sendAlone(i % 2, "r" + i);
        }
        sim.loop.advance(Duration.ofMillis(1));
    }

    /** How many tasks the loop ran in a while in which nothing was sent. */
    private static long tasksMeanwhile(SimulatedProducer sim) {
        int requests = sim.cluster.produceCalls().size();
        long before = sim.loop.tasksRun();
        sim.loop.advance(WHILE);
        assertThat(sim.cluster.produceCalls()).hasSize(requests);
        assertThat(sim.sent).anyMatch(record -> !record.isDone());
        return sim.loop.tasksRun() - before;
    }

    private static void assertEndsWell(SimulatedProducer sim) {
        sim.loop.advance(SECOND.multipliedBy(20));
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    @Test
    @Tag("row-55")
    void nodeThatTakesNoMoreRequestsIsNotAskedAgain() {
        SimulatedProducer sim = warm(config -> config.maxInFlight(1));
        sim.cluster.onProduce(call -> call.request().after(Duration.ofSeconds(8), late -> call.appendAndAnswer()));
        sendMany(sim);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        assertThat(tasksMeanwhile(sim)).isLessThan(10);
        assertEndsWell(sim);
    }

    /** The node would take more, and the partitions have more: they wait for their first acknowledgement. */
    @Test
    @Tag("row-55")
    void readyNodeWithNothingItMayGetIsLeftAlone() {
        SimulatedProducer sim =
                new SimulatedProducer(1, config -> config.linger(Duration.ZERO).batchSize(1));
        sim.cluster.topic(TOPIC, 1, 1);
        sim.cluster.onProduce(call -> call.request().after(Duration.ofSeconds(8), late -> call.appendAndAnswer()));
        sendMany(sim);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        assertThat(sim.cluster.produceCalls()).as("one for each partition").hasSize(2);
        assertThat(tasksMeanwhile(sim)).isLessThan(10);
        assertEndsWell(sim);
    }

    @Test
    @Tag("row-55")
    void partitionsBetweenAttemptsAreLeftAlone() {
        SimulatedProducer sim =
                warm(config -> config.retryBackoff(Duration.ofSeconds(8)).retryBackoffMax(Duration.ofSeconds(8)));
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS));
        sendMany(sim);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        assertThat(tasksMeanwhile(sim)).isLessThan(10);
        assertEndsWell(sim);
    }

    @Test
    @Tag("row-55")
    void nodeThatAsksForSilenceIsLeftAlone() {
        SimulatedProducer sim = warm(config -> config.maxInFlight(1));
        sim.cluster.onProduce(call -> call.answer(call.append(), 8_000));
        sendMany(sim);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        assertThat(tasksMeanwhile(sim)).isLessThan(10);
        assertEndsWell(sim);
    }

    /** Here something is done meanwhile: the leader is looked for, at the pace of the metadata. */
    @Test
    @Tag("row-55")
    void partitionsWithoutLeaderAreLookedAtAsTheMetadataIsRefreshed() {
        SimulatedProducer sim = warm(config -> config);
        sim.cluster.topic(TOPIC, -1, -1);
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER));
        sendMany(sim);
        sim.loop.advance(SECOND);
        assertThat(tasksMeanwhile(sim)).isLessThan(100);
        sim.cluster.topic(TOPIC, 1, 1);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        assertEndsWell(sim);
    }
}
