package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.errors.ErrorCode.CONCURRENT_TRANSACTIONS;
import static dev.millrace.producer.errors.ErrorCode.INVALID_PRODUCER_ID_MAPPING;
import static dev.millrace.producer.errors.ErrorCode.OPERATION_NOT_ATTEMPTED;
import static dev.millrace.producer.errors.ErrorCode.TOPIC_AUTHORIZATION_FAILED;
import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.A1;
import static dev.millrace.producer.internal.transaction.TransactionBench.B0;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static dev.millrace.producer.internal.transaction.TransactionBench.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.protocol.ApiKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EnrolmentTest {

    private final TransactionBench bench = new TransactionBench();

    @Test
    void partitionsThatAskTogetherAreAddedTogether() {
        bench.begun();
        assertThat(bench.gate.admits(A0)).isFalse();
        assertThat(bench.gate.admits(A1)).isFalse();
        assertThat(bench.gate.admits(A0)).isFalse();
        bench.loop.runReady();
        assertThat(bench.trace).containsExactly("AddPartitions v3 [a-0, a-1]");
        assertThat(bench.records.admissions).isOne();
        assertThat(bench.gate.admits(A0)).isTrue();
        assertThat(bench.gate.admits(A1)).isTrue();
    }

    @Test
    void whatAsksMeanwhileIsAddedByTheNextRequest() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        bench.gate.admits(A0);
        bench.loop.runReady();
        bench.gate.admits(A1);
        bench.gate.admits(B0);
        bench.loop.advance(SECOND);
        assertThat(bench.trace)
                .containsExactly("AddPartitions v3 [a-0]", "AddPartitions v3 [a-0]", "AddPartitions v3 [a-1, b-0]");
        assertThat(bench.gate.admits(B0)).isTrue();
    }

    @Test
    @Tag("row-94")
    void asksAgainAfter20MillisecondsWhileTheLastTransactionEnds() {
        bench.begun()
                .answers(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        CONCURRENT_TRANSACTIONS,
                        CONCURRENT_TRANSACTIONS,
                        CONCURRENT_TRANSACTIONS,
                        CONCURRENT_TRANSACTIONS,
                        CONCURRENT_TRANSACTIONS);
        Duration start = bench.loop.elapsed();
        bench.gate.admits(A0);
        bench.loop.advance(Duration.ofMillis(99));
        assertThat(bench.gate.admits(A0)).isFalse();
        bench.loop.advance(Duration.ofMillis(1));
        assertThat(bench.gate.admits(A0)).isTrue();
        List<Duration> asked = bench.arrivals(ApiKey.ADD_PARTITIONS_TO_TXN);
        for (int i = 0; i < 6; i++) {
            assertThat(asked.get(i).minus(start)).isEqualTo(Duration.ofMillis(20L * i));
        }
        bench.send(A0);
        assertThat(bench.commit()).isEqualTo(new TransactionOutcome.Committed());
    }

    @Test
    void withTheImplicitProtocolEverythingMayBeSentAtOnce() {
        TransactionBench implicit = new TransactionBench(2).begun();
        assertThat(implicit.gate.admits(A0)).isTrue();
        implicit.loop.advance(SECOND);
        assertThat(implicit.trace).isEmpty();
        assertThat(implicit.idempotence.produceVersionLimit()).isEqualTo((short) 13);
        assertThat(bench.begun().idempotence.produceVersionLimit()).isEqualTo((short) 11);
    }

    @Test
    void nothingIsAdmittedOutsideATransaction() {
        assertThat(bench.gate.admits(A0)).isFalse();
        bench.initialised();
        assertThat(bench.gate.admits(A0)).isFalse();
        bench.loop.advance(SECOND);
        assertThat(bench.trace).isEmpty();
    }

    @Test
    void aRefusedTopicIsNamedAndMakesTheTransactionAbortOnly() {
        bench.begun();
        bench.partitionErrors.put(A0, OPERATION_NOT_ATTEMPTED);
        bench.partitionErrors.put(B0, TOPIC_AUTHORIZATION_FAILED);
        bench.gate.admits(A0);
        bench.gate.admits(B0);
        bench.loop.runReady();
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
        ProducerException failure = bench.transactions.enterSend();
        bench.transactions.leaveSend();
        assertThat(failure)
                .hasMessageContaining("partitions=[b-0] error=TOPIC_AUTHORIZATION_FAILED")
                .hasMessageContaining("grant this client's principal WRITE on topic b");
        assertThat(bench.commit()).isEqualTo(new Aborted(failure, true));
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void recordsOfPartitionsThatCannotBeAddedFailInsteadOfWaitingForTheAbort() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, TOPIC_AUTHORIZATION_FAILED);
        bench.gate.admits(A0);
        bench.loop.runReady();
        assertThat(bench.records.admissions).as("asks again").isOne();
        assertThat(bench.gate.admits(A0)).isFalse();
        assertThat(bench.gate.admits(B0)).isFalse();
        bench.loop.runReady();
        assertThat(bench.records.failedUnsent).singleElement().satisfies(why -> assertThat(why)
                .hasMessageContaining("can only be aborted")
                .hasMessageContaining("TOPIC_AUTHORIZATION_FAILED"));
        assertThat(bench.trace).hasSize(1);
    }

    @Test
    void anIdThatTheCoordinatorHasForgottenIsReplacedInvisibly() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, INVALID_PRODUCER_ID_MAPPING);
        bench.send(A0);
        assertThat(bench.trace)
                .containsExactly("AddPartitions v3 [a-0]", "InitProducerId v5 100/0", "AddPartitions v3 [a-0]");
        assertThat(bench.commit()).isEqualTo(new TransactionOutcome.Committed());
        assertThat(bench.trace).last().isEqualTo("Commit v4 1");
    }

    @Test
    void anIdThatWasForgottenInTheMiddleCostsTheTransactionAndNotTheProducer() {
        bench.withRecords().answers(ApiKey.ADD_PARTITIONS_TO_TXN, INVALID_PRODUCER_ID_MAPPING);
        bench.answers(ApiKey.END_TXN, INVALID_PRODUCER_ID_MAPPING);
        bench.gate.admits(B0);
        bench.loop.runReady();
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
        assertThat(bench.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.confirmed())
                .isTrue());
        assertThat(bench.trace).containsExactly("AddPartitions v3 [b-0]", "Abort v4 0", "InitProducerId v5 100/0");
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void aRequestWithoutAnswerIsMadeAgain() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, SILENCE);
        bench.gate.admits(A0);
        bench.loop.advance(Duration.ofSeconds(32));
        assertThat(bench.gate.admits(A0)).isTrue();
        assertThat(bench.arrivals(ApiKey.ADD_PARTITIONS_TO_TXN)).hasSize(2);
    }

    @Test
    void whatMayHaveBeenAddedIsAbortedAndFollowedByAnotherEpoch() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, SILENCE);
        bench.gate.admits(A0);
        bench.loop.runReady();
        bench.one.closeConnections();
        bench.loop.runReady();
        assertThat(bench.abort()).isEqualTo(new Aborted(null, true));
        assertThat(bench.trace)
                .containsExactly(
                        "AddPartitions v3 [a-0]",
                        "FindCoordinator TRANSACTION tx",
                        "Abort v4 0",
                        "InitProducerId v5 100/0");
    }

    @Test
    void whatMayHaveBeenAddedAndWasNotIsNothingToAbort() {
        bench.begun()
                .answers(ApiKey.ADD_PARTITIONS_TO_TXN, SILENCE)
                .answers(ApiKey.END_TXN, ErrorCode.INVALID_TXN_STATE);
        bench.gate.admits(A0);
        bench.loop.runReady();
        bench.one.closeConnections();
        bench.loop.runReady();
        assertThat(bench.abort()).isEqualTo(new Aborted(null, true));
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void aStateTheCoordinatorDoesNotExpectIsFatal() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, ErrorCode.INVALID_TXN_STATE);
        bench.gate.admits(A0);
        bench.loop.runReady();
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
        assertThat(bench.gate.isEnding()).isTrue();
        assertThat(bench.records.failedUnsent).isNotEmpty();
        assertThat(bench.transactions.enterSend()).hasMessageContaining("INVALID_TXN_STATE");
        bench.transactions.leaveSend();
        assertThat(bench.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.confirmed()).isFalse();
            assertThat(aborted.cause()).hasMessageContaining("INVALID_TXN_STATE");
        });
        assertThat(bench.failure(bench.transactions.begin())).hasMessageContaining("close it and open a new one");
        assertThat(bench.trace).hasSize(1);
    }
}
