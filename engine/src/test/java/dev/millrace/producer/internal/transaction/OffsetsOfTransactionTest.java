package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.errors.ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
import static dev.millrace.producer.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.A1;
import static dev.millrace.producer.internal.transaction.TransactionBench.B0;
import static dev.millrace.producer.internal.transaction.TransactionBench.MAX_BLOCK;
import static dev.millrace.producer.internal.transaction.TransactionBench.SECOND;
import static dev.millrace.producer.internal.transaction.TransactionBench.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.protocol.ApiKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetsOfTransactionTest {

    private final TransactionBench bench = new TransactionBench();

    @Test
    void aGroupIsAddedOncePerTransaction() {
        bench.begun();
        bench.done(bench.sendOffsets(A0));
        bench.done(bench.sendOffsets(B0));
        assertThat(bench.commit()).isEqualTo(new TransactionOutcome.Committed());
        assertThat(bench.trace)
                .containsExactly(
                        "AddOffsets v4 readers",
                        "FindCoordinator GROUP readers",
                        "OffsetCommit v4 readers[a-0]",
                        "OffsetCommit v4 readers[b-0]",
                        "Commit v4 0");
    }

    @Test
    @Tag("T15")
    void everyGroupHasACoordinatorOfItsOwnAndEveryCallItsOwnOffsets() {
        bench.begun();
        CompletableFuture<Void> first = bench.sendOffsets(A0);
        CompletableFuture<Void> second = bench.transactions.sendOffsets(
                Map.of(B0, new OffsetAndMetadata(1)), new ConsumerGroupMetadata("others"));
        bench.done(first);
        bench.done(second);
        bench.done(bench.sendOffsets(A1));
        assertThat(bench.trace)
                .filteredOn(each -> each.startsWith("FindCoordinator") || each.startsWith("OffsetCommit"))
                .containsExactlyInAnyOrder(
                        "FindCoordinator GROUP readers",
                        "FindCoordinator GROUP others",
                        "OffsetCommit v4 readers[a-0]",
                        "OffsetCommit v4 others[b-0]",
                        "OffsetCommit v4 readers[a-1]");
    }

    @Test
    @Tag("row-104")
    void onlyWhatWasNotTakenIsSentAgain() {
        bench.begun();
        bench.partitionErrors.put(A0, COORDINATOR_LOAD_IN_PROGRESS);
        bench.partitionErrors.put(B0, UNKNOWN_TOPIC_OR_PARTITION);
        bench.done(bench.sendOffsets(A0, A1, B0));
        assertThat(bench.trace)
                .filteredOn(each -> each.startsWith("OffsetCommit"))
                .containsExactly("OffsetCommit v4 readers[a-0, a-1, b-0]", "OffsetCommit v4 readers[a-0, b-0]");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "ILLEGAL_GENERATION",
                "UNKNOWN_MEMBER_ID",
                "FENCED_INSTANCE_ID",
                "GROUP_AUTHORIZATION_FAILED",
                "TOPIC_AUTHORIZATION_FAILED",
                "TRANSACTION_ABORTABLE",
                "OFFSET_METADATA_TOO_LARGE"
            })
    @Tag("row-104")
    void refusedOffsetsMakeTheTransactionAbortOnly(ErrorCode error) {
        bench.begun().answers(ApiKey.TXN_OFFSET_COMMIT, error);
        Throwable failure = bench.failure(bench.sendOffsets(A0));
        assertThat(failure)
                .isInstanceOfSatisfying(ProducerException.class, each -> assertThat(each.errorCode())
                        .isEqualTo(error))
                .hasMessageContaining("group=readers")
                .hasMessageContaining("a-0");
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
        assertThat(bench.commit()).isEqualTo(new Aborted(failure, true));
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
        assertThat(bench.trace).contains("Abort v4 0");
    }

    @ParameterizedTest
    @CsvSource({"GROUP_AUTHORIZATION_FAILED,GROUP,readers", "TOPIC_AUTHORIZATION_FAILED,TOPIC,a"})
    void offsetsThatAreNotPermittedNameThePermission(ErrorCode error, Permission.Resource resource, String name) {
        bench.begun().answers(ApiKey.TXN_OFFSET_COMMIT, error);
        Throwable failure = bench.failure(bench.sendOffsets(A0));
        assertThat(failure)
                .isInstanceOfSatisfying(AuthorizationException.class, refused -> assertThat(refused.missing())
                        .isEqualTo(new Permission(resource, name, Permission.Operation.READ)))
                .hasMessageContaining("abort, and grant this client's principal READ on");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void offsetsThatFailDuringTheCommitAbortIt(int version) {
        TransactionBench each = new TransactionBench(version).begun();
        each.answers(ApiKey.TXN_OFFSET_COMMIT, COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.ILLEGAL_GENERATION);
        CompletableFuture<Void> offsets = each.sendOffsets(A0);
        CompletableFuture<TransactionOutcome> commit = each.transactions.commit();
        each.loop.runReady();
        assertThat(commit).isNotDone();
        Throwable failure = each.failure(offsets);
        assertThat(each.done(commit)).isEqualTo(new Aborted(failure, true));
        assertThat(each.trace).doesNotContain("Commit v4 0", "Commit v5 0");
        assertThat(each.trace).contains(version == 0 ? "Abort v4 0" : "Abort v5 0");
    }

    @Test
    void theCommitWaitsForOffsets() {
        bench.begun().answers(ApiKey.TXN_OFFSET_COMMIT, COORDINATOR_LOAD_IN_PROGRESS);
        CompletableFuture<Void> offsets = bench.sendOffsets(A0);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        assertThat(bench.done(commit)).isEqualTo(new TransactionOutcome.Committed());
        assertThat(offsets).isCompleted();
    }

    @Test
    void offsetsThatAreNotTakenInTimeMakeTheTransactionAbortOnly() {
        bench.begun().answers(ApiKey.TXN_OFFSET_COMMIT, SILENCE, SILENCE, SILENCE);
        CompletableFuture<Void> offsets = bench.sendOffsets(A0);
        assertThat(bench.failure(offsets, MAX_BLOCK.plus(SECOND)))
                .hasMessageContaining("sending offsets not finished after 60000 ms")
                .hasMessageContaining("group=readers");
        bench.loop.runReady();
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
    }

    @Test
    void anAbortEndsThem() {
        bench.begun().answers(ApiKey.ADD_OFFSETS_TO_TXN, SILENCE);
        CompletableFuture<Void> offsets = bench.sendOffsets(A0);
        bench.loop.runReady();
        bench.one.closeConnections();
        CompletableFuture<TransactionOutcome> abort = bench.transactions.abort();
        assertThat(bench.failure(offsets)).hasMessageContaining("transaction aborted");
        assertThat(bench.done(abort)).isEqualTo(new Aborted(null, true));
        assertThat(bench.trace).contains("Abort v4 0", "InitProducerId v5 100/0");
    }

    @Test
    void noOffsetsAreNothing() {
        bench.begun();
        bench.done(bench.sendOffsets());
        assertThat(bench.commit()).isEqualTo(new TransactionOutcome.Committed());
        assertThat(bench.trace).isEmpty();
    }

    @Test
    void aMemberIsNotLeftOutForABrokerThatHasNoRoomForIt() {
        bench.one.speaks(ApiKey.TXN_OFFSET_COMMIT, 0, 2);
        bench.begun();
        CompletableFuture<Void> offsets = bench.transactions.sendOffsets(
                Map.of(A0, new OffsetAndMetadata(1)), new ConsumerGroupMetadata("readers", 4, "member", null));
        assertThat(bench.failure(offsets))
                .hasMessageContaining("TXN_OFFSET_COMMIT")
                .hasMessageContaining("use brokers from Kafka 2.5 on");
        assertThat(bench.state()).isEqualTo(TransactionState.ABORT_ONLY);
        assertThat(bench.abort()).isEqualTo(new Aborted(null, true));
    }

    @Test
    void withoutAMemberAnOlderBrokerWillDo() {
        bench.one.speaks(ApiKey.TXN_OFFSET_COMMIT, 0, 2);
        bench.begun();
        bench.done(bench.sendOffsets(A0));
        assertThat(bench.trace).last().isEqualTo("OffsetCommit v2 readers[a-0]");
    }

    @Test
    void anIdThatWasForgottenIsReplacedInvisibly() {
        TransactionBench implicit = new TransactionBench(2).begun();
        implicit.answers(ApiKey.TXN_OFFSET_COMMIT, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        implicit.done(implicit.sendOffsets(A0));
        assertThat(implicit.commit()).isEqualTo(new TransactionOutcome.Committed());
        assertThat(implicit.trace)
                .containsExactly(
                        "FindCoordinator GROUP readers",
                        "OffsetCommit v5 readers[a-0]",
                        "InitProducerId v5 100/0",
                        "OffsetCommit v5 readers[a-0]",
                        "Commit v5 1");
    }

    @Test
    void offsetsInAnAbortOnlyTransactionAreRefusedWithItsCause() {
        bench.begun().answers(ApiKey.TXN_OFFSET_COMMIT, ErrorCode.ILLEGAL_GENERATION);
        bench.failure(bench.sendOffsets(A0));
        int requests = bench.trace.size();
        assertThat(bench.failure(bench.sendOffsets(B0))).hasMessageContaining("ILLEGAL_GENERATION");
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(bench.trace).hasSize(requests);
        assertThat(List.of(bench.state())).containsExactly(TransactionState.ABORT_ONLY);
    }
}
