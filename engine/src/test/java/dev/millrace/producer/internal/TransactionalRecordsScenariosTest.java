package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedTransactionalProducer.TOPIC;
import static dev.millrace.producer.internal.TransactionalScenario.assertGoesOn;
import static dev.millrace.producer.internal.TransactionalScenario.at;
import static dev.millrace.producer.internal.TransactionalScenario.causeOf;
import static dev.millrace.producer.internal.TransactionalScenario.headersOf;
import static dev.millrace.producer.internal.TransactionalScenario.hold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedTransactionalProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.CoordinatorCall;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the records of transactions, with both protocols: 1 is the classic one, 2 that of KIP-890. */
@Timeout(60)
class TransactionalRecordsScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void batchesCarryTheTransaction(int level) {
        SimulatedTransactionalProducer sim = at(level);
        for (int i = 0; i < 3; i++) {
            sim.begin();
            sim.sendAlone(0, "a" + i);
            sim.sendAlone(0, "b" + i);
            assertThat(sim.commit()).isInstanceOf(Committed.class);
        }
        assertThat(sim.cluster.produceCalls()).hasSize(6).allSatisfy(call -> {
            assertThat(call.transactionalId()).isEqualTo(SimulatedTransactionalProducer.ID);
            assertThat(call.onlyBatch().header().isTransactional()).isTrue();
            assertThat(call.request().version())
                    .as("the old protocol must not look like the new one (KIP-890)")
                    .matches(version -> level == 1 ? version == 11 : version >= 12);
        });
        assertThat(headersOf(sim.cluster.produceCalls()))
                .extracting(RecordBatchHeader::baseSequence)
                .isEqualTo(level == 1 ? List.of(0, 1, 2, 3, 4, 5) : List.of(0, 1, 0, 1, 0, 1));
        assertThat(sim.committed(0)).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
    }

    @Test
    @Tag("row-40")
    void aPartitionWaitsForItsEnrolmentAndHoldsUpNoOther() {
        SimulatedTransactionalProducer sim = at(1);
        sim.begin();
        sim.sendAlone(0, "enrolled");
        sim.loop.advance(SECOND);
        List<CoordinatorCall> held = new ArrayList<>();
        sim.cluster.coordinators().on(ApiKey.ADD_PARTITIONS_TO_TXN, held::add);
        Sent waiting = sim.sendAlone(1, "waiting");
        Sent passing = sim.sendAlone(0, "passing");
        sim.loop.advance(SECOND);
        assertThat(passing.isDelivered()).isTrue();
        assertThat(waiting.calls).isZero();
        assertThat(held).hasSize(1);
        held.get(0).carryOutAndAnswer();
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(sim.committed(1)).containsExactly("waiting");
    }

    @Test
    @Tag("row-93")
    @Tag("T1")
    void aSendOutsideATransactionThrowsAndLeavesNothingBehind() {
        SimulatedTransactionalProducer sim =
                new SimulatedTransactionalProducer(2, 1, TransactionalScenario::smallBatches, List.of());
        sim.cluster.topic(TOPIC, 1, 1);
        assertThatThrownBy(() -> sim.send(0, "early"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no transaction is open: producer=test txn=orders-tx-0 state=UNINITIALIZED; call init, then"
                        + " begin");
        sim.await(sim.producer.initAsync());
        assertThatThrownBy(() -> sim.producer.trySend(new ProducerRecord<>(TOPIC, "between")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call begin first");
        sim.begin();
        sim.send(0, "kept");
        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        assertThatThrownBy(() -> sim.send(0, "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the transaction is ending");
        assertThat(sim.await(commit)).isInstanceOf(Committed.class);
        assertThatThrownBy(() -> sim.send(0, "after")).isInstanceOf(IllegalStateException.class);
        assertThat(sim.close(Duration.ofSeconds(10), Duration.ZERO))
                .as("at once, as nothing waits")
                .isEqualTo(new CloseReport(1, 1, 0, List.of()));
        assertThat(sim.cluster.log(TOPIC, 0).committedValues()).containsExactly("kept");
        assertThat(sim.completed).extracting(record -> record.value).containsExactly("kept");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void retriesInATransactionGoOldestFirstUnderTheSameSequences(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        List<ProduceCall> held = hold(sim);
        for (int i = 0; i < 5; i++) {
            sim.sendAlone(0, "r" + i);
        }
        List<RecordBatchHeader> first = headersOf(held);
        held.get(0).request().closeConnection();
        held.clear();
        sim.cluster.onProduce(call -> {
            held.add(call);
            call.appendAndAnswer();
        });
        sim.loop.advance(SECOND);
        assertThat(headersOf(held)).isEqualTo(first);
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(sim.committed(0)).containsExactly("first", "r0", "r1", "r2", "r3", "r4");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theBatchesBehindARefusedOneFailAsWell(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        List<ProduceCall> held = hold(sim);
        for (int i = 0; i < 3; i++) {
            sim.sendAlone(0, "r" + i);
        }
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.get(0).refuse(ErrorCode.INVALID_RECORD);
        held.get(1).appendAndAnswer();
        held.get(2).appendAndAnswer();
        sim.loop.advance(SECOND);
        assertThat(sim.completed.stream().skip(1).toList())
                .extracting(record -> record.failure().errorCode())
                .containsExactly(
                        ErrorCode.INVALID_RECORD,
                        ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                        ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(causeOf(sim.commit())).hasMessageContaining("INVALID_RECORD");
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSplitBatchGoesOnFromItsOwnSequence(int level) {
        SimulatedTransactionalProducer sim = SimulatedTransactionalProducer.at(
                level, 1, config -> config.batchSize(1000).linger(Duration.ofMillis(5)));
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        List<ProduceCall> held = hold(sim);
        for (int i = 0; i < 4; i++) {
            sim.send(0, i + "x".repeat(200));
        }
        sim.loop.advance(Duration.ofMillis(10));
        Sent behind = sim.send(0, "behind" + "x".repeat(1200)); // worth a request of its own
        sim.loop.advance(Duration.ofMillis(10));
        assertThat(headersOf(held)).extracting(RecordBatchHeader::baseSequence).containsExactly(1, 5);
        sim.cluster.onProduce(call -> {
            held.add(call);
            call.appendAndAnswer();
        });
        held.get(0).refuse(ErrorCode.MESSAGE_TOO_LARGE);
        held.get(1).appendAndAnswer();
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        List<RecordBatchHeader> again = headersOf(held.subList(2, held.size()));
        assertThat(again).allSatisfy(header -> {
            assertThat(header.isTransactional()).isTrue();
            assertThat(header.producerEpoch()).isEqualTo(headersOf(held).get(0).producerEpoch());
        });
        assertThat(again.get(0).baseSequence()).isEqualTo(1);
        assertThat(again.get(again.size() - 1).baseSequence()).isEqualTo(5);
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(sim.committed(0)).hasSize(6).endsWith(behind.value);
    }

    @Test
    void aTopicMadeAnewWithinATransactionLosesWhatWasThere() {
        SimulatedTransactionalProducer sim = at(1);
        sim.begin();
        sim.sendAlone(0, "old");
        sim.loop.advance(SECOND);
        sim.cluster.recreateTopic(TOPIC, 1, 1);
        Sent after = sim.sendAlone(0, "new");
        sim.loop.advance(SECOND);
        assertThat(after.isDelivered()).isTrue();
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(sim.committed(0)).containsExactly("new");
        assertThat(sim.cluster.produceCalls()).last().satisfies(call -> assertThat(
                        call.onlyBatch().header().baseSequence())
                .as("goes on where it was")
                .isEqualTo(1));
    }

    @Test
    void trySendWithoutRoomIsNoFailure() {
        SimulatedTransactionalProducer sim =
                SimulatedTransactionalProducer.at(2, 1, config -> config.bufferMemory(8 << 10)
                        .maxRequestSize(8 << 10)
                        .batchSize(1000));
        List<ProduceCall> held = hold(sim);
        sim.begin();
        int accepted = 0;
        while (sim.producer.trySend(new ProducerRecord<>(TOPIC, 0, null, "x".repeat(3000))) != null) {
            accepted++;
        }
        assertThat(sim.producer.state()).isEqualTo(TransactionState.IN_TRANSACTION);
        sim.loop.runReady();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.forEach(ProduceCall::appendAndAnswer);
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        assertThat(sim.committed(0)).hasSize(accepted);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("row-54")
    void anIdleTopicKeepsItsSequences(int level) {
        SimulatedTransactionalProducer sim =
                SimulatedTransactionalProducer.at(level, 1, config -> config.metadataMaxIdle(Duration.ofSeconds(5)));
        for (int i = 0; i < 3; i++) {
            sim.begin();
            sim.send(0, "v" + i);
            assertThat(sim.commit()).isInstanceOf(Committed.class);
            sim.loop.advance(Duration.ofSeconds(20));
        }
        assertThat(sim.committed(0)).containsExactly("v0", "v1", "v2");
        assertThat(headersOf(sim.cluster.produceCalls()))
                .extracting(RecordBatchHeader::baseSequence)
                .isEqualTo(level == 1 ? List.of(0, 1, 2) : List.of(0, 0, 0));
    }

    @Test
    void theEnginesOwnThreadsMayNotWait() {
        SimulatedTransactionalProducer sim = at(2);
        sim.begin();
        List<Runnable> calls = List.of(
                sim.producer::init,
                sim.producer::begin,
                sim.producer::commit,
                sim.producer::abort,
                sim.producer::flush,
                () -> sim.producer.inTransaction(producer -> 0));
        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("\\w+\\(\\) would wait on a thread of the engine's own: producer=test"
                        + " txn=orders-tx-0 thread=.*; use \\w+Async\\(\\) in callbacks"));
        assertThat(sim.producer.state()).isEqualTo(TransactionState.IN_TRANSACTION);
    }

    @Test
    void aBlockRunsInATransactionOfItsOwnWithoutAThread() {
        SimulatedTransactionalProducer sim =
                new SimulatedTransactionalProducer(2, 1, TransactionalScenario::smallBatches, List.of());
        sim.cluster.topic(TOPIC, 1, 1);
        CompletableFuture<Integer> finish = new CompletableFuture<>();
        CompletableFuture<Integer> ended = sim.producer.inTransactionAsync(producer -> {
            sim.send(0, "within");
            return finish;
        });
        sim.loop.advance(SECOND);
        assertThat(ended).isNotDone();
        assertThat(sim.producer.state()).isEqualTo(TransactionState.IN_TRANSACTION);
        CompletableFuture<Integer> nested = sim.producer.inTransactionAsync(producer -> finish);
        sim.loop.advance(SECOND);
        assertThat(nested)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
        finish.complete(42);
        assertThat(sim.await(ended)).isEqualTo(42);
        assertThat(sim.committed(0)).containsExactly("within");

        IllegalArgumentException thrown = new IllegalArgumentException("the block's own");
        CompletableFuture<Integer> failed = sim.producer.inTransactionAsync(producer -> {
            sim.send(0, "taken back");
            return CompletableFuture.failedFuture(thrown);
        });
        sim.loop.advance(SECOND);
        assertThat(failed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isSameAs(thrown);
        assertThat(sim.producer.state()).isEqualTo(TransactionState.READY);
        CompletableFuture<Integer> thrower = sim.producer.inTransactionAsync(producer -> {
            throw thrown;
        });
        sim.loop.advance(SECOND);
        assertThat(thrower)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isSameAs(thrown);
        assertGoesOn(sim, "within");
    }
}
