package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static dev.millrace.producer.internal.transaction.TransactionBench.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse.Coordinator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatorLookupTest {

    private final TransactionBench bench = new TransactionBench();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6})
    void asksInEveryVersion(int version) {
        bench.one.speaks(ApiKey.FIND_COORDINATOR, 0, version);
        bench.two.speaks(ApiKey.FIND_COORDINATOR, 0, version);
        bench.one.closeConnections();
        bench.two.closeConnections();
        bench.loop.advance(SECOND);
        bench.done(bench.transactions.init());
        assertThat(bench.one.requests(ApiKey.FIND_COORDINATOR).size()
                        + bench.two.requests(ApiKey.FIND_COORDINATOR).size())
                .isOne();
    }

    @Test
    void anAnswerForAnotherKeyIsNone() {
        Coordinator wrong = new Coordinator("another", 1, "b1", 9092, ErrorCode.NONE, null);
        answerOnce(List.of(wrong));
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.runReady();
        assertThat(init).isNotDone();
        bench.done(init);
        assertThat(bench.trace).contains("FindCoordinator TRANSACTION tx");
    }

    @Test
    void anAnswerWithoutEntryIsNone() {
        answerOnce(List.of());
        bench.done(bench.transactions.init());
        assertThat(bench.trace).contains("FindCoordinator TRANSACTION tx");
    }

    private void answerOnce(List<Coordinator> coordinators) {
        for (var broker : List.of(bench.one, bench.two)) {
            broker.on(ApiKey.FIND_COORDINATOR, request -> {
                bench.serve(bench.one);
                bench.serve(bench.two);
                FindCoordinatorResponse response = new FindCoordinatorResponse(0, coordinators);
                request.answerWith(out -> response.write(out, request.version()));
            });
        }
    }

    @Test
    void triesAgainWhatPasses() {
        bench.answers(
                ApiKey.FIND_COORDINATOR,
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                ErrorCode.NOT_COORDINATOR,
                ErrorCode.CONCURRENT_TRANSACTIONS);
        bench.done(bench.transactions.init());
        assertThat(bench.arrivals(ApiKey.FIND_COORDINATOR)).hasSize(4);
    }

    @Test
    @Tag("T10")
    void aRequestIsNotLostWithTheConnectionItWaitsFor() {
        bench.withRecords();
        bench.one.ignoreConnections();
        bench.two.ignoreConnections();
        bench.one.closeConnections();
        bench.loop.runReady();
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(Duration.ofSeconds(15));
        assertThat(commit).isNotDone();
        bench.one.goDown();
        bench.two.goDown();
        bench.loop.advance(Duration.ofSeconds(15));
        bench.one.comeUp();
        bench.two.comeUp();
        bench.loop.advance(Duration.ofSeconds(20));
        assertThat(commit.join()).isEqualTo(new TransactionOutcome.Committed());
    }

    @Test
    void aCoordinatorThatDiedIsLookedUpAgain() {
        bench.withRecords();
        bench.one.goDown();
        bench.coordinatorNode = 2;
        bench.loop.advance(SECOND);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(Duration.ofSeconds(3));
        assertThat(commit.join()).isEqualTo(new TransactionOutcome.Committed());
        assertThat(bench.trace).last().isEqualTo("Commit v4 0 at 2");
    }

    @Test
    @Tag("T6")
    void recordsAreAdmittedWhileAControlRequestWaits() {
        bench.withRecords().answers(ApiKey.ADD_OFFSETS_TO_TXN, SILENCE);
        CompletableFuture<Void> unused = bench.sendOffsets(A0);
        bench.loop.advance(SECOND);
        assertThat(bench.gate.admits(A0)).isTrue();
    }

    @Test
    void aRequestWithoutAnswerIsMadeAgainOnAnotherConnection() {
        bench.answers(ApiKey.INIT_PRODUCER_ID, SILENCE);
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.advance(Duration.ofSeconds(31));
        assertThat(init).isCompleted();
        assertThat(bench.trace)
                .containsExactly(
                        "FindCoordinator TRANSACTION tx",
                        "InitProducerId v5 -1/-1",
                        "FindCoordinator TRANSACTION tx",
                        "InitProducerId v5 -1/-1");
    }
}
