package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.errors.ErrorCode.CONCURRENT_TRANSACTIONS;
import static dev.millrace.producer.internal.transaction.TransactionBench.MAX_BLOCK;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static dev.millrace.producer.internal.transaction.TransactionBench.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.internal.protocol.ApiKey;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitialisationTest {

    private final TransactionBench bench = new TransactionBench();

    @Test
    void fetchesTheIdentityOnce() {
        assertThat(bench.state()).isEqualTo(TransactionState.UNINITIALIZED);
        CompletableFuture<Void> first = bench.transactions.init();
        CompletableFuture<Void> second = bench.transactions.init();
        bench.done(first);
        bench.done(second);
        bench.done(bench.transactions.init());
        assertThat(bench.trace).containsExactly("FindCoordinator TRANSACTION tx", "InitProducerId v5 -1/-1");
        assertThat(bench.identities).containsExactly(TransactionBench.PRODUCER_ID);
    }

    @Test
    @Tag("row-107")
    void waitsForTheTransactionTheLastProducerLeftOpen() {
        bench.answers(
                ApiKey.INIT_PRODUCER_ID,
                Collections.nCopies(30, CONCURRENT_TRANSACTIONS).toArray(ErrorCode[]::new));
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.advance(Duration.ofMillis(2900));
        assertThat(init).isNotDone();
        bench.done(init);
        assertThat(bench.arrivals(ApiKey.INIT_PRODUCER_ID)).hasSize(31);
    }

    @ParameterizedTest
    @EnumSource(names = {"COORDINATOR_LOAD_IN_PROGRESS", "REQUEST_TIMED_OUT", "COORDINATOR_NOT_AVAILABLE"})
    @Tag("row-107")
    void triesAgainWhatPasses(ErrorCode passing) {
        bench.answers(ApiKey.INIT_PRODUCER_ID, passing, passing);
        bench.done(bench.transactions.init());
        assertThat(bench.arrivals(ApiKey.INIT_PRODUCER_ID)).hasSize(3);
        assertThat(bench.arrivals(ApiKey.FIND_COORDINATOR))
                .hasSize(passing == ErrorCode.COORDINATOR_NOT_AVAILABLE ? 3 : 1);
    }

    @Test
    @Tag("row-107")
    void aTimeoutTheBrokersDoNotAllowIsFatalAndSaysWhatToChange() {
        bench.answers(ApiKey.INIT_PRODUCER_ID, ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        assertThat(bench.failure(bench.transactions.init()))
                .isInstanceOf(FatalProducerException.class)
                .hasMessageContaining("=60000 ms")
                .hasMessageContaining("transaction.max.timeout.ms")
                .hasMessageContaining("txn=tx");
        assertThat(bench.state()).isEqualTo(TransactionState.FAILED);
        assertThat(bench.failure(bench.transactions.init())).isInstanceOf(FatalProducerException.class);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
                "CLUSTER_AUTHORIZATION_FAILED",
                "SASL_AUTHENTICATION_FAILED",
                "TRANSACTION_ABORTABLE"
            })
    @Tag("row-107")
    @Tag("T18")
    void mayBeCalledAgainWhenWhatRefusedItIsSetRight(ErrorCode refusal) {
        bench.answers(ApiKey.INIT_PRODUCER_ID, refusal);
        ProducerException failure = (ProducerException) bench.failure(bench.transactions.init());
        assertThat(failure.errorCode()).isEqualTo(refusal);
        assertThat(failure).hasMessageContaining("call init again").hasMessageContaining("node 1 at b1:9092");
        assertThat(bench.state()).isEqualTo(TransactionState.UNINITIALIZED);
        bench.done(bench.transactions.init());
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    @Tag("T17")
    void aLookupThatIsRefusedIsNoMoreFatalThanTheRequest() {
        bench.answers(ApiKey.FIND_COORDINATOR, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        ProducerException failure = (ProducerException) bench.failure(bench.transactions.init());
        assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_CLUSTER);
        assertThat(failure)
                .isInstanceOfSatisfying(AuthorizationException.class, refused -> assertThat(refused.missing())
                        .isEqualTo(Permission.toUseTransactionalId("tx")));
        assertThat(bench.state()).isEqualTo(TransactionState.UNINITIALIZED);
        bench.done(bench.transactions.init());
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    @Tag("row-108")
    void goesOnWhenTheCallersPatienceEndsAndIsJoinedByTheNextCall() {
        bench.answers(ApiKey.INIT_PRODUCER_ID, SILENCE, SILENCE, SILENCE);
        CompletableFuture<Void> first = bench.transactions.init();
        Throwable failure = bench.failure(first, MAX_BLOCK.plus(SECOND));
        assertThat(failure)
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("after 60000 ms")
                .hasMessageContaining("app.producer.max-block")
                .hasMessageContaining("coordinator=node 1 at b1:9092 attempts=2");
        assertThat(bench.loop.elapsed()).isEqualTo(MAX_BLOCK.plus(SECOND));
        assertThat(bench.state()).isEqualTo(TransactionState.INITIALIZING);
        int asked = bench.arrivals(ApiKey.INIT_PRODUCER_ID).size();
        CompletableFuture<Void> second = bench.transactions.init();
        bench.loop.runReady();
        assertThat(bench.arrivals(ApiKey.INIT_PRODUCER_ID)).hasSize(asked);
        bench.loop.advance(Duration.ofSeconds(40));
        assertThat(second).isCompleted();
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void brokersThatAreTooOldAreNamedAndMayBeUpgraded() {
        bench.one.speaks(ApiKey.INIT_PRODUCER_ID, 0, 1);
        assertThat(bench.failure(bench.transactions.init()))
                .hasMessageContaining("transactions need brokers from Kafka 2.5 on")
                .hasMessageContaining("node 1 at b1:9092");
        assertThat(bench.state()).isEqualTo(TransactionState.UNINITIALIZED);
        bench.one.speaks(ApiKey.INIT_PRODUCER_ID, 0, 4);
        bench.one.closeConnections();
        bench.loop.advance(SECOND);
        bench.done(bench.transactions.init());
        assertThat(bench.trace).last().isEqualTo("InitProducerId v4 -1/-1");
    }

    @Test
    void waitsForABrokerThatIsDown() {
        bench.one.goDown();
        bench.two.goDown();
        CompletableFuture<Void> init = bench.transactions.init();
        bench.loop.advance(Duration.ofSeconds(20));
        assertThat(init).isNotDone();
        bench.one.comeUp();
        bench.two.comeUp();
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(init).isCompleted();
    }

    @Test
    void nothingElseIsPossibleBefore() {
        assertThat(bench.failure(bench.transactions.begin()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call init first");
        assertThat(bench.failure(bench.transactions.commit())).isInstanceOf(IllegalStateException.class);
        assertThat(bench.failure(bench.transactions.abort())).isInstanceOf(IllegalStateException.class);
        assertThat(bench.trace).isEmpty();
    }
}
