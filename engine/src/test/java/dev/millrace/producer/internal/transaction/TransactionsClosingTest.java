package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static dev.millrace.producer.internal.transaction.TransactionBench.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Unknown;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.internal.protocol.ApiKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TransactionsClosingTest {

    private final TransactionBench bench = new TransactionBench();

    @Test
    void anOpenTransactionIsAborted() {
        bench.withRecords();
        bench.done(bench.transactions.end());
        assertThat(bench.trace).containsExactly("Abort v4 0");
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void aCommitThatHasBegunIsAwaited() {
        bench.withRecords().answers(ApiKey.END_TXN, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        CompletableFuture<Void> end = bench.transactions.end();
        bench.loop.runReady();
        assertThat(end).isNotDone();
        bench.done(end);
        assertThat(commit.join()).isEqualTo(new TransactionOutcome.Committed());
    }

    @Test
    void nothingIsAskedWhereNothingIsOpen() {
        bench.done(bench.transactions.end());
        bench.initialised();
        bench.done(bench.transactions.end());
        assertThat(bench.trace).isEmpty();
    }

    @Test
    void aCloseDecidesWhatWaits() {
        bench.answers(ApiKey.INIT_PRODUCER_ID, SILENCE);
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.runReady();
        bench.transactions.close();
        assertThat(bench.failure(init)).isInstanceOf(ProducerClosedException.class);
        assertThat(bench.state()).isEqualTo(TransactionState.CLOSED);
        assertThat(bench.failure(bench.transactions.begin())).isInstanceOf(IllegalStateException.class);
        bench.transactions.close();
        bench.loop.advance(Duration.ofMinutes(2));
        assertThat(bench.arrivals(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    @Test
    void aCloseLeavesACommitWithoutAnswerUnknownForGood() {
        bench.withRecords().answers(ApiKey.END_TXN, SILENCE);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.runReady();
        bench.transactions.close();
        Unknown unknown = (Unknown) bench.done(commit);
        assertThat(unknown.cause()).hasMessageContaining("producer closed");
        assertThat(bench.done(unknown.resolve())).isInstanceOf(Unknown.class);
    }

    @Test
    void aCloseLeavesACommitThatWasNotAskedForAborted() {
        bench.withRecords();
        CompletableFuture<Void> records = bench.records.hold();
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        CompletableFuture<Void> begin = bench.transactions.begin();
        bench.loop.runReady();
        bench.transactions.close();
        assertThat(bench.done(commit)).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.confirmed()).isFalse();
            assertThat(aborted.cause()).isInstanceOf(ProducerClosedException.class);
        });
        assertThat(bench.failure(begin)).isInstanceOf(IllegalStateException.class);
        records.complete(null);
        bench.loop.advance(SECOND);
        assertThat(bench.trace).isEmpty();
        assertThat(bench.one.connections() + bench.two.connections())
                .as("only the cluster's own")
                .isLessThanOrEqualTo(1);
    }

    @Test
    void aLoopThatEndsDecidesWhatWaits() {
        bench.answers(ApiKey.INIT_PRODUCER_ID, SILENCE);
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.runReady();
        bench.loop.end();
        assertThat(init).isCompletedExceptionally();
        assertThat(init.handle((value, failed) -> failed).join())
                .isInstanceOf(FatalProducerException.class)
                .hasMessageContaining("event loop of the producer ended");
        assertThat(bench.transactions.begin()).isCompletedExceptionally();
        assertThat(bench.transactions.end()).isCompleted();
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
    }

    @Test
    void aLoopThatEndsLeavesACommitWithoutAnswerUnknown() {
        bench.withRecords().answers(ApiKey.END_TXN, SILENCE);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.runReady();
        bench.loop.end();
        assertThat(commit.join()).isInstanceOf(Unknown.class);
        assertThat(((Unknown) commit.join()).resolve().join()).isInstanceOf(Unknown.class);
        assertThat(bench.transactions.commit().join()).isInstanceOf(Unknown.class);
    }

    @Test
    void aLoopThatEndsLeavesAnOpenTransactionToItsTimeout() {
        bench.withRecords();
        CompletableFuture<Void> offsets = bench.sendOffsets(A0);
        bench.loop.end();
        assertThat(offsets).isCompletedExceptionally();
        assertThat(bench.transactions.commit().join())
                .isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.confirmed())
                        .isFalse());
    }
}
