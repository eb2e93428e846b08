package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.errors.ErrorCode.INVALID_PRODUCER_EPOCH;
import static dev.millrace.producer.errors.ErrorCode.INVALID_TXN_STATE;
import static dev.millrace.producer.errors.ErrorCode.PRODUCER_FENCED;
import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Fenced;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.internal.protocol.ApiKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a producer was replaced is asked, not assumed: a transaction that timed out looks the same. */
class FencingTest {

    private final TransactionBench bench = new TransactionBench();

    private final TransactionBench implicit = new TransactionBench(2);

    @Test
    void aTransactionThatTimedOutIsAbortedAndTheProducerGoesOn() {
        implicit.withRecords().answers(ApiKey.END_TXN, INVALID_TXN_STATE);
        assertThat(implicit.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.confirmed()).isTrue();
            assertThat(aborted.cause())
                    .hasMessageContaining("the coordinator has aborted the transaction")
                    .hasMessageContaining("=60000 ms")
                    .hasMessageContaining("INVALID_TXN_STATE");
        });
        assertThat(implicit.trace).containsExactly("Commit v5 0", "Abort v5 0");
        assertThat(implicit.state()).isEqualTo(TransactionState.READY);
        implicit.done(implicit.transactions.begin());
        assertThat(implicit.send(A0).assign(1).producerEpoch()).isOne();
    }

    @Test
    void aTransactionTheCoordinatorHasNothingOfIsFollowedByAnotherEpoch() {
        bench.withRecords().answers(ApiKey.END_TXN, INVALID_TXN_STATE);
        assertThat(bench.commit()).isInstanceOf(Aborted.class);
        assertThat(bench.trace).containsExactly("Commit v4 0", "InitProducerId v5 100/0");
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"})
    @Tag("row-97")
    void aProducerThatWasReplacedIsFencedAndAsksNothingThatCouldHurtItsSuccessor(ErrorCode error) {
        bench.withRecords().answers(ApiKey.END_TXN, error);
        assertThat(bench.commit()).isInstanceOfSatisfying(Fenced.class, fenced -> assertThat(fenced.cause())
                .isInstanceOf(FatalProducerException.class)
                .hasMessageContaining("another one uses the transactional id")
                .hasMessageNotContaining("took too long")
                .hasMessageContaining("txn=tx"));
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
        assertThat(bench.failure(bench.transactions.begin()))
                .isInstanceOf(FatalProducerException.class)
                .hasMessageContaining("another one uses");
        assertThat(bench.gate.isEnding()).isTrue();
        assertThat(bench.failure(bench.transactions.init())).isInstanceOf(FatalProducerException.class);
        assertThat(bench.failure(bench.transactions.abort())).isInstanceOf(IllegalStateException.class);
        assertThat(bench.trace).containsExactly("Commit v4 0");
    }

    @Test
    void anAbortFindsItOutToo() {
        bench.withRecords().answers(ApiKey.END_TXN, INVALID_PRODUCER_EPOCH);
        assertThat(bench.abort()).isInstanceOf(Fenced.class);
    }

    @Test
    void aPartitionThatCannotBeAddedForItLeadsToTheQuestionAtTheEnd() {
        bench.begun().answers(ApiKey.ADD_PARTITIONS_TO_TXN, PRODUCER_FENCED).answers(ApiKey.END_TXN, PRODUCER_FENCED);
        bench.gate.admits(A0);
        bench.loop.runReady();
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
        assertThat(bench.commit()).isInstanceOf(Fenced.class);
        assertThat(bench.trace).containsExactly("AddPartitions v3 [a-0]", "Abort v4 0");
    }

    @Test
    void offsetsThatAreRefusedForItLeadToTheQuestionAtTheEnd() {
        implicit.begun().answers(ApiKey.TXN_OFFSET_COMMIT, INVALID_PRODUCER_EPOCH);
        assertThat(implicit.failure(implicit.sendOffsets(A0))).hasMessageContaining("abort to learn which");
        assertThat(implicit.commit()).isInstanceOf(Aborted.class);
        assertThat(implicit.state()).isEqualTo(TransactionState.READY);
        assertThat(implicit.trace).endsWith("Abort v5 0");
    }

    @Test
    void aProducerReplacedRightAfterItsAbortStillSaysThatItAborted() {
        bench.withRecords().answers(ApiKey.INIT_PRODUCER_ID, PRODUCER_FENCED);
        bench.idempotence.newPartition(A0).onAbandoned();
        assertThat(bench.abort()).isEqualTo(new Aborted(null, true));
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
    }

    @Test
    void theNextIdentityIsAskedForUntilThereIsAnAnswer() {
        bench.withRecords()
                .answers(
                        ApiKey.INIT_PRODUCER_ID,
                        ErrorCode.CONCURRENT_TRANSACTIONS,
                        ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        bench.idempotence.newPartition(A0).onAbandoned();
        CompletableFuture<TransactionOutcome> abort = bench.transactions.abort();
        bench.loop.advance(SECOND.plus(Duration.ofSeconds(1)));
        assertThat(abort.join()).isEqualTo(new Aborted(null, true));
        assertThat(bench.arrivals(ApiKey.INIT_PRODUCER_ID)).hasSize(4);
    }
}
