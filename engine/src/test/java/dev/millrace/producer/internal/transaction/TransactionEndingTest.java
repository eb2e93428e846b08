package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.B0;
import static dev.millrace.producer.internal.transaction.TransactionBench.MAX_BLOCK;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static dev.millrace.producer.internal.transaction.TransactionBench.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordAbortedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.idempotence.PartitionSequences;
import dev.millrace.producer.internal.protocol.ApiKey;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionEndingTest {

    private static final Committed COMMITTED = new Committed();

    private final TransactionBench bench = new TransactionBench();

    private static ProducerException failure(String words) {
        return new RetriableException(words, FailureDetails.local(Stage.IN_FLIGHT, Recovery.RETRY), null);
    }

    private CompletableFuture<TransactionOutcome> silentCommit() {
        bench.withRecords().answers(ApiKey.END_TXN, SILENCE);
        bench.network.broker("b1", 9092).on(ApiKey.END_TXN, request -> bench.trace.add("Commit"));
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(MAX_BLOCK);
        assertThat(commit).isCompleted();
        return commit;
    }

    // commit

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anEmptyTransactionCostsNoRequest(int version) {
        TransactionBench empty = new TransactionBench(version).begun();
        assertThat(empty.commit()).isEqualTo(COMMITTED);
        empty.done(empty.transactions.begin());
        assertThat(empty.abort()).isEqualTo(new Aborted(null, true));
        assertThat(empty.trace).isEmpty();
        assertThat(empty.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void waitsForSendsInProgressAndForTheRecords() {
        bench.withRecords();
        CompletableFuture<Void> records = bench.records.hold();
        assertThat(bench.transactions.enterSend()).isNull();
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        assertThatThrownBy(bench.transactions::enterSend)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no transaction is open");
        bench.loop.advance(SECOND);
        assertThat(bench.records.flushes).isZero();
        assertThat(bench.state()).isEqualTo(TransactionState.COMMITTING);
        bench.transactions.leaveSend();
        bench.loop.advance(SECOND);
        assertThat(bench.records.flushes).isOne();
        assertThat(bench.trace).isEmpty();
        records.complete(null);
        assertThat(bench.done(commit)).isEqualTo(COMMITTED);
        assertThat(bench.trace).containsExactly("Commit v4 0");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "OUT_OF_ORDER_SEQUENCE_NUMBER",
                "INVALID_PRODUCER_EPOCH",
                "INVALID_TXN_STATE",
                "TOPIC_AUTHORIZATION_FAILED",
                "NOT_ENOUGH_REPLICAS",
                "TRANSACTION_ABORTABLE",
                "PRODUCER_FENCED",
                "INVALID_PRODUCER_ID_MAPPING",
                "NONE"
            })
    @Tag("row-96")
    void aFailedRecordIsNeverCommittedAroundAndTheNextTransactionHasAnotherEpoch(ErrorCode error) {
        bench.withRecords();
        ProducerException failure = new ProducerException(
                "record failed", new FailureDetails(error, Stage.IN_FLIGHT, Recovery.RETRY, true), null);
        bench.transactions.recordFailed(failure);
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
        assertThat(bench.transactions.enterSend()).isSameAs(failure);
        bench.transactions.leaveSend();
        bench.transactions.recordFailed(failure("another"));
        assertThat(bench.commit()).isEqualTo(new Aborted(failure, true));
        assertThat(bench.trace).containsExactly("Abort v4 0", "InitProducerId v5 100/0");
        bench.done(bench.transactions.begin());
        PartitionSequences sequences = bench.send(A0);
        assertThat(sequences.assign(1).producerEpoch()).isOne();
        assertThat(bench.commit()).isEqualTo(COMMITTED);
        assertThat(bench.trace).last().isEqualTo("Commit v4 1");
    }

    @Test
    @Tag("row-102")
    @Tag("T5")
    void aRecordThatFailsDuringTheCommitAbortsItAndRaisesTheEpoch() {
        bench.withRecords();
        CompletableFuture<Void> records = bench.records.hold();
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.runReady();
        ProducerException failure = failure("timed out");
        bench.transactions.recordFailed(failure);
        bench.loop.runReady();
        assertThat(bench.state()).isEqualTo(TransactionState.ABORTING);
        assertThat(bench.gate.isEnding()).isTrue();
        assertThat(bench.records.failedUnsent).hasSize(1);
        records.complete(null);
        assertThat(bench.done(commit)).isEqualTo(new Aborted(failure, true));
        assertThat(bench.trace).containsExactly("Abort v4 0", "InitProducerId v5 100/0");
        bench.done(bench.transactions.begin());
        assertThat(bench.send(A0).assign(1).producerEpoch()).isOne();
    }

    @Test
    void aSequenceThatIsMissingRaisesTheEpochAfterAPlainAbort() {
        bench.withRecords();
        bench.idempotence.newPartition(A0).assign(1);
        bench.idempotence.newPartition(A0).onAbandoned();
        assertThat(bench.abort()).isEqualTo(new Aborted(null, true));
        assertThat(bench.trace).containsExactly("Abort v4 0", "InitProducerId v5 100/0");
    }

    @Test
    void whatIsNotDeliveredInTimeIsAborted() {
        bench.withRecords();
        CompletableFuture<Void> records = bench.records.hold();
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(MAX_BLOCK);
        assertThat(commit.join()).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.confirmed()).isFalse();
            assertThat(aborted.cause())
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("committing not finished after 60000 ms")
                    .hasMessageContaining("stage=waiting for records")
                    .hasMessageContaining("app.producer.max-block");
        });
        CompletableFuture<Void> next = bench.transactions.begin();
        bench.loop.advance(SECOND);
        assertThat(next).isNotDone();
        records.complete(null);
        bench.done(next);
        assertThat(bench.trace).containsExactly("Abort v4 0");
    }

    @Test
    void aCommitThatWasNeverHandedOverIsAbortedWhenTimeIsUp() {
        bench.withRecords();
        bench.one.goDown();
        bench.two.goDown();
        bench.loop.advance(SECOND);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(MAX_BLOCK);
        assertThat(commit.join()).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.confirmed())
                .isFalse());
        bench.one.comeUp();
        bench.two.comeUp();
        CompletableFuture<TransactionOutcome> abort = bench.transactions.abort();
        bench.loop.advance(Duration.ofSeconds(10));
        assertThat(abort.join()).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.confirmed())
                .isTrue());
        assertThat(bench.trace).contains("Abort v4 0").doesNotContain("Commit v4 0");
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    @Tag("row-98")
    void aCommitWithoutAnswerIsOfUnknownOutcomeUntilTheCoordinatorTells() {
        TransactionOutcome outcome = silentCommit().join();
        assertThat(outcome).isInstanceOf(TransactionOutcome.Unknown.class);
        TransactionOutcome.Unknown unknown = (TransactionOutcome.Unknown) outcome;
        assertThat(unknown.cause())
                .hasMessageContaining("coordinator=node 1 at b1:9092")
                .hasMessageContaining("attempts=2");
        assertThat(unknown.cause().mayHaveBeenWritten()).isTrue();
        assertThat(bench.failure(bench.transactions.abort())).isInstanceOf(IllegalStateException.class);
        assertThat(bench.failure(bench.transactions.begin()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("resolve()");
        CompletableFuture<TransactionOutcome> again = bench.transactions.commit();
        CompletableFuture<TransactionOutcome> resolved = unknown.resolve();
        bench.loop.advance(SECOND);
        assertThat(again).isNotDone();
        bench.scripts.clear();
        bench.serve(bench.one);
        bench.loop.advance(Duration.ofSeconds(40));
        assertThat(again.join()).isEqualTo(COMMITTED);
        assertThat(resolved.join()).isEqualTo(COMMITTED);
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
        assertThat(bench.trace).last().isEqualTo("InitProducerId v5 100/0");
        assertThat(bench.commit()).isEqualTo(COMMITTED);
        bench.done(bench.transactions.begin());
        assertThat(bench.done(unknown.resolve())).isEqualTo(COMMITTED);
    }

    @Test
    void aCallThatJoinsIsToldThatNothingIsKnownWhenItsOwnTimeIsUp() {
        TransactionOutcome.Unknown unknown =
                (TransactionOutcome.Unknown) silentCommit().join();
        CompletableFuture<TransactionOutcome> resolved = unknown.resolve();
        bench.loop.advance(MAX_BLOCK.minus(SECOND));
        assertThat(resolved).isNotDone();
        bench.loop.advance(SECOND);
        assertThat(resolved.join()).isInstanceOf(TransactionOutcome.Unknown.class);
    }

    @Test
    void aProducerReplacedWhileTheOutcomeIsUnknownNeverGuesses() {
        TransactionOutcome.Unknown unknown =
                (TransactionOutcome.Unknown) silentCommit().join();
        bench.serve(bench.one);
        bench.scripts.clear();
        bench.answers(ApiKey.END_TXN, ErrorCode.PRODUCER_FENCED);
        CompletableFuture<TransactionOutcome> resolved = unknown.resolve();
        bench.loop.advance(Duration.ofSeconds(40));
        assertThat(resolved.join()).isInstanceOf(TransactionOutcome.Unknown.class);
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
        assertThat(bench.done(unknown.resolve())).isInstanceOf(TransactionOutcome.Unknown.class);
        assertThat(bench.trace).doesNotContain("InitProducerId v5 100/0");
    }

    /** With transaction version 2 a coordinator says so to a commit that comes after it has timed the transaction out. */
    @Test
    void aCommitThatNeverWasIsKnownToBeAbortedAlthoughAnEarlierAnswerWasLost() {
        TransactionOutcome.Unknown unknown =
                (TransactionOutcome.Unknown) silentCommit().join();
        bench.serve(bench.one);
        bench.scripts.clear();
        bench.answers(ApiKey.END_TXN, ErrorCode.INVALID_TXN_STATE);
        CompletableFuture<TransactionOutcome> resolved = unknown.resolve();
        bench.loop.advance(Duration.ofSeconds(40));
        assertThat(resolved.join()).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.confirmed())
                .isTrue());
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    @Tag("row-99")
    void aCommitAppliedBeforeItsAnswerWasLostIsRepeatedAndItsEpochUsed() {
        TransactionBench implicit = new TransactionBench(2).withRecords();
        implicit.one.on(ApiKey.END_TXN, request -> {
            implicit.epoch++;
            implicit.trace.add("Commit lost");
            implicit.serve(implicit.one);
            implicit.epoch--; // the coordinator repeats its answer
            request.closeConnection();
        });
        assertThat(implicit.commit()).isEqualTo(COMMITTED);
        assertThat(implicit.trace).containsExactly("Commit lost", "FindCoordinator TRANSACTION tx", "Commit v5 0");
        implicit.done(implicit.transactions.begin());
        assertThat(implicit.idempotence.newPartition(A0).assign(1).producerEpoch())
                .isOne();
    }

    @Test
    void aCommitWhoseAnswerWasLostIsFollowedByAnotherEpochWithTheClassicProtocol() {
        bench.withRecords();
        bench.one.on(ApiKey.END_TXN, request -> {
            bench.serve(bench.one);
            request.closeConnection();
        });
        assertThat(bench.commit()).isEqualTo(COMMITTED);
        assertThat(bench.trace)
                .containsExactly("FindCoordinator TRANSACTION tx", "Commit v4 0", "InitProducerId v5 100/0");
    }

    @Test
    void aCoordinatorThatMayHaveAppendedLeavesDoubt() {
        bench.withRecords();
        bench.answers(
                ApiKey.END_TXN,
                Collections.nCopies(1000, ErrorCode.COORDINATOR_NOT_AVAILABLE).toArray(ErrorCode[]::new));
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(MAX_BLOCK);
        assertThat(commit.join()).isInstanceOf(TransactionOutcome.Unknown.class);
    }

    @Test
    void aCoordinatorThatHasNotBegunLeavesNone() {
        bench.withRecords();
        bench.answers(
                ApiKey.END_TXN,
                Collections.nCopies(1000, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
                        .toArray(ErrorCode[]::new));
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(MAX_BLOCK);
        assertThat(commit.join()).isInstanceOf(Aborted.class);
        bench.scripts.clear();
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(bench.trace).last().isEqualTo("Abort v4 0");
    }

    @Test
    void aCommitTheCoordinatorWantsAbortedIsAborted() {
        bench.withRecords().answers(ApiKey.END_TXN, ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(bench.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.confirmed()).isTrue();
            assertThat(aborted.cause()).hasMessageContaining("TRANSACTION_ABORTABLE");
        });
        assertThat(bench.trace).startsWith("Commit v4 0", "Abort v4 0");
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "UNKNOWN_SERVER_ERROR"})
    void whatTheCoordinatorRefusesForGoodEndsTheProducer(ErrorCode error) {
        bench.withRecords().answers(ApiKey.END_TXN, error);
        assertThat(bench.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.confirmed()).isFalse();
            assertThat(aborted.cause()).hasMessageContaining(error.name());
        });
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
    }

    // abort

    @Test
    @Tag("row-109")
    void anAbortFailsWhatIsUnsentAndWaitsForWhatIsInFlight() {
        bench.withRecords();
        CompletableFuture<Void> inFlight = bench.records.hold();
        CompletableFuture<TransactionOutcome> abort = bench.transactions.abort();
        bench.loop.advance(SECOND);
        assertThat(bench.records.failedUnsent).isNotEmpty().allSatisfy(why -> assertThat(why)
                .hasMessageContaining("transaction aborted")
                .hasMessageContaining("the application asked for it")
                .isInstanceOfSatisfying(RecordAbortedException.class, aborted -> assertThat(aborted.isRequested())
                        .isTrue()));
        assertThat(bench.gate.isEnding()).isTrue();
        assertThat(bench.gate.admits(B0)).isFalse();
        assertThat(bench.trace).isEmpty();
        inFlight.complete(null);
        assertThat(bench.done(abort)).isEqualTo(new Aborted(null, true));
        assertThat(bench.trace).containsExactly("Abort v4 0");
        assertThat(bench.gate.isEnding()).isFalse();
    }

    @Test
    void recordsOfSendsThatWereInProgressFailToo() {
        bench.withRecords();
        bench.transactions.enterSend();
        CompletableFuture<TransactionOutcome> abort = bench.transactions.abort();
        bench.loop.runReady();
        assertThat(bench.records.failedUnsent).hasSize(1);
        bench.transactions.leaveSend();
        bench.done(abort);
        assertThat(bench.records.failedUnsent).hasSize(2);
    }

    @Test
    void anAbortThatIsNotConfirmedInTimeGoesOnAndBeginWaitsForIt() {
        bench.withRecords();
        bench.one.goDown();
        bench.two.goDown();
        CompletableFuture<TransactionOutcome> abort = bench.transactions.abort();
        bench.loop.advance(MAX_BLOCK);
        assertThat(abort.join()).isEqualTo(new Aborted(null, false));
        CompletableFuture<Void> begin = bench.transactions.begin();
        bench.loop.advance(MAX_BLOCK);
        assertThat(bench.failure(begin))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("state=ABORTING")
                .hasMessageContaining("call begin again");
        bench.one.comeUp();
        bench.two.comeUp();
        CompletableFuture<Void> again = bench.transactions.begin();
        bench.loop.advance(Duration.ofSeconds(10));
        assertThat(again).isCompleted();
        assertThat(bench.state()).isEqualTo(TransactionState.IN_TRANSACTION);
    }

    @Test
    @Tag("row-100")
    void aCoordinatorThatMovesIsFollowedByEveryRequest() {
        bench.coordinatorNode = 1;
        bench.answers(ApiKey.INIT_PRODUCER_ID, ErrorCode.NOT_COORDINATOR);
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.runReady();
        bench.coordinatorNode = 2;
        bench.done(init);
        bench.done(bench.transactions.begin());
        bench.answers(ApiKey.ADD_PARTITIONS_TO_TXN, ErrorCode.NOT_COORDINATOR);
        bench.gate.admits(A0);
        bench.loop.runReady();
        bench.coordinatorNode = 1;
        bench.loop.advance(SECOND);
        bench.answers(ApiKey.ADD_OFFSETS_TO_TXN, ErrorCode.NOT_COORDINATOR);
        bench.answers(ApiKey.TXN_OFFSET_COMMIT, ErrorCode.NOT_COORDINATOR);
        CompletableFuture<Void> offsets = bench.sendOffsets(A0);
        bench.loop.runReady();
        bench.coordinatorNode = 2;
        bench.done(offsets);
        bench.answers(ApiKey.END_TXN, ErrorCode.NOT_COORDINATOR);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.runReady();
        bench.coordinatorNode = 1;
        assertThat(bench.done(commit)).isEqualTo(COMMITTED);
        assertThat(bench.trace)
                .contains(
                        "InitProducerId v5 -1/-1 at 2",
                        "AddPartitions v3 [a-0]",
                        "AddOffsets v4 readers at 2",
                        "OffsetCommit v4 readers[a-0] at 2",
                        "Commit v4 0 at 2",
                        "Commit v4 0");
    }

    // levels

    @Test
    @Tag("row-103")
    @Tag("T20")
    void anUpgradeIsHeededAtTheEndOfTheTransactionAndNotBefore() {
        bench.begun();
        bench.transactionVersion = 2;
        bench.one.closeConnections();
        bench.loop.runReady();
        bench.send(A0);
        assertThat(bench.idempotence.produceVersionLimit()).isEqualTo((short) 11);
        assertThat(bench.commit()).isEqualTo(COMMITTED);
        assertThat(bench.trace).containsExactly("AddPartitions v3 [a-0]", "Commit v4 0", "InitProducerId v5 100/0");
        bench.done(bench.transactions.begin());
        assertThat(bench.gate.admits(B0)).isTrue();
        PartitionSequences sequences = bench.send(A0);
        assertThat(sequences.assign(1).baseSequence()).isOne();
        assertThat(bench.commit()).isEqualTo(COMMITTED);
        assertThat(bench.trace).last().isEqualTo("Commit v5 1");
    }

    // wrong calls

    @Test
    void callsThatDoNotFitChangeNothing() {
        bench.initialised();
        assertThat(bench.failure(bench.transactions.commit())).isInstanceOf(IllegalStateException.class);
        assertThat(bench.failure(bench.transactions.abort())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bench.sendOffsets(A0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(bench.transactions::enterSend)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("state=READY; call begin first");
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
        bench.done(bench.transactions.begin());
        assertThat(bench.failure(bench.transactions.begin())).isInstanceOf(IllegalStateException.class);
        assertThat(bench.state()).isEqualTo(TransactionState.IN_TRANSACTION);
        assertThat(bench.transactions.enterSend()).isNull();
        bench.transactions.leaveSend();
    }
}
