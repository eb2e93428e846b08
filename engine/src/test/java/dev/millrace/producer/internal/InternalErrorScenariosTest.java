package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of our own: they cost the records they touch, and neither other records nor the producer. */
@Timeout(60)
class InternalErrorScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int BATCH_BYTES = 30_000;
    private static final int HISTORIES = Integer.getInteger("millrace.histories", 300);

    private final Set<String> failing = new HashSet<>();
    private final InternalFaults faults = new InternalFaults(failing::contains);

    private SimulatedProducer sequencesFail() {
        return warm(SimulatedProducer.withSenderParts(
                1, config -> config.linger(Duration.ZERO).batchSize(1), noJitter(), faults::inSequences));
    }

    private static SimulatedProducer warm(SimulatedProducer sim) {
        sim.cluster.topic(TOPIC, 1, 1);
        sim.sendAlone(0, "warm");
        sim.sendAlone(1, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        sim.sent.clear();
        return sim;
    }

    private static void assertFailed(Sent record, String step) {
        assertThat(record.calls).isOne();
        assertThat(record.failure())
                .isExactlyInstanceOf(ProducerException.class)
                .hasMessageContaining("internal error")
                .hasMessageContaining("injected into " + step)
                .hasCauseInstanceOf(AssertionError.class);
    }

    private static void assertGoesOn(SimulatedProducer sim) {
        List<Sent> after = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            after.add(sim.sendAlone(0, "after" + i));
            after.add(sim.sendAlone(1, "after" + i));
        }
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(after).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).doesNotHaveDuplicates().endsWith("after0", "after1", "after2");
        assertThat(sim.pool.usage().usedBytes()).isZero();
        CloseReport report = sim.close(Duration.ZERO);
        long delivered = sim.sent.stream().filter(Sent::isDelivered).count();
        assertThat(report.submitted()).isEqualTo(sim.sent.size() + 2);
        assertThat(report.delivered()).isEqualTo(delivered + 2);
        assertThat(report.failed()).isEqualTo(sim.sent.size() - delivered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"isReady", "assign"})
    void errorBeforeTheSendFailsTheRecordsOfThePartition(String step) {
        SimulatedProducer sim = sequencesFail();
        failing.add(step);
        Sent first = sim.sendAlone(0, "first");
        Sent second = sim.sendAlone(0, "second");
        sim.loop.advance(SECOND);
        for (Sent record : List.of(first, second)) {
            assertFailed(record, step);
            Fault.INTERNAL_ERROR_BEFORE_THE_SEND.isToldBy(record.failure());
            assertThat(record.failure()).hasMessageContaining("the record was not written");
            assertThat(record.failure().mayHaveBeenWritten()).isFalse();
        }
        failing.clear();
        assertGoesOn(sim);
    }

    @Test
    void errorWithAnAnswerSaysThatTheRecordMayHaveBeenWritten() {
        SimulatedProducer sim = sequencesFail();
        failing.add("onAcknowledged");
        Sent record = sim.sendAlone(0, "written");
        sim.loop.advance(SECOND);
        assertFailed(record, "onAcknowledged");
        Fault.INTERNAL_ERROR.isToldBy(record.failure());
        assertThat(record.failure().mayHaveBeenWritten()).isTrue();
        failing.clear();
        assertGoesOn(sim);
        assertThat(sim.log(0)).startsWith("warm", "written");
    }

    /** Those in flight keep their memory until they are back. */
    @Test
    void errorWithOthersInFlightFailsThemAllAndFreesTheirMemoryWhenTheyAreBack() {
        SimulatedProducer sim = sequencesFail();
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        List<Sent> inFlight = List.of(sim.sendAlone(0, "a"), sim.sendAlone(0, "b"), sim.sendAlone(0, "c"));
        assertThat(held).hasSize(3);
        failing.add("onAcknowledged");
        held.get(0).appendAndAnswer();
        sim.loop.runReady();
        failing.clear();
        assertThat(inFlight).allSatisfy(record -> assertFailed(record, "onAcknowledged"));
        assertThat(inFlight).allMatch(record -> record.failure().mayHaveBeenWritten());
        assertThat(sim.pool.usage().usedBytes()).isPositive();
        Sent young = sim.sendAlone(0, "young");
        assertThat(held).as("nothing new before all are back").hasSize(3);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.get(1).appendAndAnswer();
        held.get(2).appendAndAnswer();
        sim.loop.advance(SECOND);
        assertThat(young.isDelivered()).isTrue();
        assertGoesOn(sim);
    }

    @Test
    void errorOfOnePartitionLeavesTheOthersOfTheRequestAlone() {
        int[] assigned = {0};
        SimulatedProducer sim = warm(SimulatedProducer.withSenderParts(
                1,
                config -> config.linger(Duration.ZERO).batchSize(1),
                noJitter(),
                new InternalFaults(step -> failing.contains(step) && assigned[0]++ == 0)::inSequences));
        failing.add("assign");
        Sent one = sim.send(0, "one");
        Sent other = sim.send(1, "other");
        sim.loop.advance(SECOND);
        assertThat(List.of(one, other)).filteredOn(Sent::isDelivered).hasSize(1);
        assertThat(List.of(one, other)).allMatch(Sent::isDone);
        failing.clear();
        assertGoesOn(sim);
    }

    @Test
    void newPartitionThatCannotBeMadeFailsItsRecords() {
        SimulatedProducer sim = sequencesFail();
        sim.cluster.topic("other", 1);
        failing.add("newPartition");
        Sent record = sim.send("other", 0, "stateless", () -> {});
        sim.loop.advance(SECOND);
        assertFailed(record, "newPartition");
        failing.clear();
        Sent next = sim.send("other", 0, "next", () -> {});
        sim.loop.advance(SECOND);
        assertThat(next.isDelivered()).isTrue();
        assertGoesOn(sim);
    }

    @Test
    void errorWhileARequestIsWrittenFailsItsRecords() {
        SimulatedProducer sim = warm(SimulatedProducer.withSenderParts(
                1, config -> config.linger(Duration.ZERO).batchSize(1), noJitter(), faults::inWrites));
        failing.add("write");
        Sent record = sim.sendAlone(0, "unwritten");
        sim.loop.advance(SECOND);
        assertFailed(record, "write");
        assertThat(record.failure().mayHaveBeenWritten()).isTrue();
        failing.clear();
        sim.loop.advance(Duration.ofSeconds(60)); // the connection waits for an answer to what it holds for sent
        assertGoesOn(sim);
    }

    /** A thread that cannot be started, for instance. */
    @Test
    void errorWhileABatchIsHandedToACompressionThreadFailsItsRecords() {
        SimulatedProducer sim = compressing();
        failing.add("compress");
        List<Sent> records = sendIncompressible(sim);
        sim.loop.advance(SECOND);
        assertThat(records).allSatisfy(record -> assertFailed(record, "compress"));
        failing.clear();
        assertGoesOn(sim);
    }

    @Test
    void errorWhileASplitIsHandedToACompressionThreadFailsItsRecords() {
        SimulatedProducer sim = compressing();
        sim.cluster.onProduce(call -> {
            failing.add("compress");
            sim.cluster.limitBatches(1_000);
            call.appendAndAnswer();
        });
        List<Sent> records = sendIncompressible(sim);
        sim.loop.advance(SECOND);
        assertThat(records).allSatisfy(record -> assertFailed(record, "compress"));
        failing.clear();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        assertGoesOn(sim);
    }

    private SimulatedProducer compressing() {
        return warm(SimulatedProducer.withSenderParts(
                1,
                config -> config.compression(Compression.GZIP)
                        .linger(Duration.ofMillis(1))
                        .batchSize(BATCH_BYTES),
                noJitter(),
                faults::inCompression));
    }

    private static List<Sent> sendIncompressible(SimulatedProducer sim) {
        SplittableRandom random = new SplittableRandom(1);
        List<Sent> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(BATCH_BYTES / 20, ' ', '~').forEach(text::appendCodePoint);
            records.add(sim.send(0, text.toString()));
        }
        return records;
    }

    /** Its partitions stay ready; there need not be another event that makes the sender try again. */
    @Test
    void errorWhileANodeIsServedIsTriedAgainLater() {
        Sent record = sendWhileItFails("clock");
        assertThat(record.isDelivered()).isTrue();
    }

    @Test
    void errorWhileConnectingIsAFailedAttempt() {
        Sent record = sendWhileItFails("connect");
        assertThat(record.isDelivered()).isTrue();
    }

    private Sent sendWhileItFails(String step) {
        failing.add(step);
        SimulatedProducer sim = SimulatedProducer.withSenderParts(
                1, config -> config.linger(Duration.ZERO), noJitter(), faults::inWrites);
        sim.cluster.topic(TOPIC, 1, 1);
        Sent record = sim.sendAlone(0, "patient");
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(record.isDone()).isFalse();
        failing.clear();
        sim.loop.advance(SECOND.multipliedBy(5));
        return record;
    }

    /** As {@link FaultHistoryProperty}, with errors of our own among the faults. */
    @Test
    @Timeout(3600)
    void recordsEndOnceAndInOrderWhateverFails() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            boolean[] over = {false};
            InternalFaults rare = new InternalFaults(step -> !over[0] && random.nextInt(200) == 0);
            try {
                FaultHistory history = new FaultHistory(seed, rare::inSequences);
                history.beforeTheEnd(() -> over[0] = true);
                history.play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history fails: seed=" + seed + " " + e.getMessage(), e);
            }
        }
    }
}
