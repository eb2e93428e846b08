package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static dev.millrace.producer.internal.transaction.TransactionBench.B0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import org.junit.jupiter.api.Test;

class TransactionManagerTest {

    private final TransactionBench bench = new TransactionBench();

    @Test
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
