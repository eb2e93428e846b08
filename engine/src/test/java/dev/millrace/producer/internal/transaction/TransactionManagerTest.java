package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.B0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransactionManagerTest {

    private final TransactionBench bench = new TransactionBench();

    @Test
    @Tag("row-92")
    void commitsWithTheClassicProtocol() {
        bench.done(bench.transactions.init());
        assertThat(bench.state()).isEqualTo(TransactionState.READY);
        for (int i = 0; i < 2; i++) {
            bench.done(bench.transactions.begin());
            bench.send(A0);
            bench.send(B0);
            bench.done(bench.sendOffsets(B0));
            assertThat(bench.commit()).isEqualTo(new TransactionOutcome.Committed());
        }
        assertThat(bench.trace)
                .containsExactly(
                        "FindCoordinator TRANSACTION tx",
                        "InitProducerId v5 -1/-1",
                        "AddPartitions v3 [a-0]",
                        "AddPartitions v3 [b-0]",
                        "AddOffsets v4 readers",
                        "FindCoordinator GROUP readers",
                        "OffsetCommit v4 readers[b-0]",
                        "Commit v4 0",
                        "AddPartitions v3 [a-0]",
                        "AddPartitions v3 [b-0]",
                        "AddOffsets v4 readers",
                        "OffsetCommit v4 readers[b-0]",
                        "Commit v4 0");
        assertThat(bench.idempotence.newPartition(A0).assign(1).baseSequence()).isEqualTo(2);
    }

    @Test
    @Tag("row-92")
    void commitsWithTheImplicitProtocol() {
        TransactionBench implicit = new TransactionBench(2);
        implicit.done(implicit.transactions.init());
        for (int i = 0; i < 2; i++) {
            implicit.done(implicit.transactions.begin());
            implicit.send(A0);
            implicit.done(implicit.sendOffsets(B0));
            assertThat(implicit.commit()).isEqualTo(new TransactionOutcome.Committed());
        }
        assertThat(implicit.trace)
                .containsExactly(
                        "FindCoordinator TRANSACTION tx",
                        "InitProducerId v5 -1/-1",
                        "FindCoordinator GROUP readers",
                        "OffsetCommit v5 readers[b-0]",
                        "Commit v5 0",
                        "OffsetCommit v5 readers[b-0]",
                        "Commit v5 1");
        assertThat(implicit.idempotence.newPartition(A0).assign(1).baseSequence())
                .isZero();
    }

    @Test
    void anObserverHearsOnceOfEachEnd() {
        bench.withRecords();
        bench.loop.advance(TransactionBench.SECOND);
        CompletableFuture<Void> records = bench.records.hold();
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(TransactionBench.SECOND);
        assertThat(bench.ends).isEmpty();
        records.complete(null);
        bench.done(commit);
        bench.begun();
        bench.abort();
        long second = TransactionBench.SECOND.toNanos();
        assertThat(bench.ends)
                .containsExactly(
                        new TransactionEnd("tx", TransactionEnd.Result.COMMITTED, second, second),
                        new TransactionEnd("tx", TransactionEnd.Result.ABORTED, 0, 0));
    }

    @Test
    @Tag("row-93")
    @Tag("T1")
    void aSendOutsideATransactionIsRefusedAndNothingWaitsForIt() {
        for (Runnable before : List.<Runnable>of(() -> {}, bench::initialised)) {
            before.run();
            assertThatThrownBy(bench.transactions::enterSend)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no transaction is open");
        }
        bench.done(bench.transactions.begin());
        bench.send(A0);
        bench.answers(ApiKey.END_TXN, TransactionBench.SILENCE);
        CompletableFuture<TransactionOutcome> commit = bench.transactions.commit();
        bench.loop.advance(TransactionBench.SECOND);
        assertThatThrownBy(bench.transactions::enterSend)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("state=COMMITTING");
        assertThat(commit).isNotDone();
    }

    @Test
    void abortsWithBothProtocols() {
        for (int version = 0; version <= 2; version += 2) {
            TransactionBench each = new TransactionBench(version);
            each.withRecords();
            assertThat(each.abort()).isEqualTo(new TransactionOutcome.Aborted(null, true));
            assertThat(each.trace).containsExactly(version == 0 ? "Abort v4 0" : "Abort v5 0");
            assertThat(each.state()).isEqualTo(TransactionState.READY);
        }
    }
}
