package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedTransactionalProducer.TOPIC;
import static dev.millrace.producer.internal.TransactionalScenario.causeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.internal.SimulatedTransactionalProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.CoordinatorCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions that end while the bytes of a record of theirs are still to come, with both protocols: 1 is the classic one,
 * 2 that of KIP-890.
 */
@Timeout(60)
class LateSerializationInTransactionsScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SlowRegistry registry = new SlowRegistry();
    private final List<CoordinatorCall> ends = new ArrayList<>();

    private SimulatedTransactionalProducer at(int level) {
        SimulatedTransactionalProducer sim =
                SimulatedTransactionalProducer.at(level, 1, config -> config.linger(Duration.ZERO), registry);
        sim.cluster.coordinators().on(ApiKey.END_TXN, call -> {
            ends.add(call);
            call.carryOutAndAnswer();
        });
        return sim;
    }

    /** After whatever happened the next transaction commits its own record and none that came too late for an earlier one. */
    private static void assertGoesOn(SimulatedTransactionalProducer sim, String... before) {
        sim.begin();
        Sent next = sim.send(0, "now next");
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(next.isDelivered()).isTrue();
        List<String> expected = new ArrayList<>(List.of(before));
        expected.add("now next");
        assertThat(sim.committed(0)).isEqualTo(expected);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void commitWaitsForTheBytes(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        Sent beside = sim.send(1, "now beside");
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        sim.loop.advance(SECOND);
        assertThat(commit).isNotDone();
        assertThat(ends).as("a transaction with a record to come must not end").isEmpty();

        registry.answer("late");

        assertThat(sim.await(commit)).isInstanceOf(Committed.class);
        assertThat(List.of(late, behind, beside)).allMatch(Sent::isDelivered);
        assertThat(sim.committed(0)).containsExactly("late", "now behind");
        assertThat(sim.committed(1)).containsExactly("now beside");
        assertGoesOn(sim, "late", "now behind");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void commitFailsWithTheSerializerItWaitsFor(int level) {
        SimulatedTransactionalProducer sim = at(level);
        IllegalStateException cause = new IllegalStateException("incompatible schema");
        sim.begin();
        Sent late = sim.send(0, "late");
        Sent beside = sim.send(1, "now beside");
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        sim.loop.advance(SECOND);
        assertThat(beside.isDelivered()).isTrue();

        registry.of("late").completeExceptionally(cause);

        assertThat(causeOf(sim.await(commit))).hasRootCause(cause);
        assertThat(late.failure()).isInstanceOf(SerializationException.class).hasCause(cause);
        assertThat(ends).hasSize(1);
        assertThat(sim.committed(1)).isEmpty();
        assertGoesOn(sim);
    }

    /** Nobody looks at the future of the record that failed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSerializerThatFailedBeforeTheCommitIsNotCommittedAround(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.send(0, "late");
        sim.send(1, "now beside");
        registry.of("late").completeExceptionally(new IllegalStateException("incompatible schema"));
        sim.loop.advance(SECOND);
        sim.send(1, "now after");

        assertThat(causeOf(sim.commit())).hasRootCauseMessage("incompatible schema");
        assertThat(sim.committed(1)).isEmpty();
        assertGoesOn(sim);
    }

    /** The failure is known, and has yet to be told because a callback of another record runs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSerializerThatFailedIsNotCommittedAroundWhileCallbacksAreBusy(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        Sent late = sim.send(0, "late");
        sim.send(1, "now beside");
        sim.loop.advance(SECOND);
        sim.delivery.hold();
        registry.of("late").completeExceptionally(new IllegalStateException("incompatible schema"));
        sim.loop.advance(SECOND);
        assertThat(sim.producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        sim.loop.advance(SECOND);
        sim.delivery.release();

        assertThat(causeOf(sim.await(commit))).hasRootCauseMessage("incompatible schema");
        assertThat(late.failure()).isInstanceOf(SerializationException.class);
        assertThat(sim.committed(1)).isEmpty();
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void commitFailsWhenTheSerializersTimeIsUp(int level) {
        registry.timeout = Duration.ofSeconds(3);
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        Sent late = sim.send(0, "late");
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        sim.loop.advance(Duration.ofMillis(2_999));
        assertThat(commit).isNotDone();

        assertThat(causeOf(sim.await(commit))).hasStackTraceContaining("not serialized within 3000 ms");
        registry.answer("late");
        sim.loop.advance(SECOND);
        assertThat(late.calls).isEqualTo(1);
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void abortDoesNotWaitForTheBytesAndTheyComeToNothing(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        Sent beside = sim.sendAlone(1, "now beside");
        Sent late = sim.send(0, "late");
        Sent behind = sim.send(0, "now behind");
        TransactionOutcome outcome = sim.abort();

        assertThat(outcome).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.confirmed())
                .isTrue());
        assertThat(late.failure()).hasMessageContaining("abort");
        assertThat(behind.failure()).hasMessageContaining("abort");
        assertThat(beside.calls).isEqualTo(1);
        assertThat(sim.loop.elapsed()).as("nobody waited for the serializer").isLessThan(registry.timeout);
        sim.begin();
        registry.answer("late");
        sim.loop.advance(SECOND);
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(late.calls).isEqualTo(1);
        assertThat(sim.committed(0)).isEmpty();
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keepsTheOrderOfAKeyFromTheCallOfSend(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        for (String value : List.of("late 1", "now 2", "late 3", "late 4", "now 5")) {
            sent.add(sim.producer.send(new ProducerRecord<>(TOPIC, "key", value)));
        }
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        for (String answered : List.of("late 4", "late 3", "late 1")) {
            sim.loop.advance(SECOND);
            assertThat(commit).isNotDone();
            registry.answer(answered);
        }

        assertThat(sim.await(commit)).isInstanceOf(Committed.class);
        int partition = sent.get(0).join().partition();
        assertThat(sim.committed(partition)).containsExactly("late 1", "now 2", "late 3", "late 4", "now 5");
    }

    /** Commits the next transaction only with what was sent in it, though the records met in one line. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theNextTransactionBeginsAfterTheLateRecordsOfTheOneBefore(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.send(0, "late");
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        sim.loop.advance(SECOND);
        assertThatThrownBy(() -> sim.send(0, "now between")).isInstanceOf(IllegalStateException.class);
        registry.answer("late");
        assertThat(sim.await(commit)).isInstanceOf(Committed.class);

        sim.begin();
        sim.send(0, "late second");
        assertThat(sim.abort()).isInstanceOf(Aborted.class);
        registry.answer("late second");
        assertGoesOn(sim, "late");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void closeAbortsAndReportsWhatHadNoBytes(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        Sent beside = sim.sendAlone(1, "now beside");
        sim.loop.advance(SECOND);
        Sent late = sim.send(0, "late");
        CloseReport report = sim.close(Duration.ofSeconds(5), Duration.ofMillis(10));

        assertThat(beside.isDelivered()).isTrue();
        assertThat(late.calls).isEqualTo(1);
        assertThat(late.failure()).isNotNull();
        assertThat(report.submitted()).isEqualTo(2);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(1);
        registry.answer("late");
        sim.loop.advance(SECOND);
        assertThat(late.calls).isEqualTo(1);
        assertThat(sim.committed(0)).isEmpty();
        assertThat(sim.committed(1)).isEmpty();
        assertThat(sim.pool.usage().usedBytes()).isZero();
        assertThat(sim.released).isTrue();
        assertThat(registry.closed).isEqualTo(1);
    }
}
