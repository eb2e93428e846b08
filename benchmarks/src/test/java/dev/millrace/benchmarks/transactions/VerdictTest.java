package dev.millrace.benchmarks.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A judge that finds nothing proves nothing. */
class VerdictTest {

    private static final Map<Integer, Long> NO_OFFSETS = Map.of();

    private final Seen seen = new Seen();

    @Test
    void acceptsWhatWasReported() {
        seeAll(1);
        seeAll(3);

        Verdict verdict = Verdict.of(
                4,
                Map.of(0, Map.of(0, Fate.ABORTED, 1, Fate.COMMITTED, 2, Fate.UNKNOWN, 3, Fate.BEGUN)),
                seen,
                NO_OFFSETS);

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.count(Fate.COMMITTED)).isEqualTo(1);
    }

    @Test
    void findsACommittedTransactionThatIsMissing() {
        assertThat(violations(Fate.COMMITTED)).isEqualTo("committed and not seen: worker 0 transaction 1");
    }

    @Test
    void findsAnAbortedTransactionThatIsVisible() {
        seeAll(1);

        assertThat(violations(Fate.ABORTED)).isEqualTo("aborted and seen: worker 0 transaction 1");
    }

    @Test
    void findsATransactionOfWhichARecordIsMissing() {
        seeUpTo(1, SentRecord.PER_TRANSACTION - 1);

        assertThat(violations(Fate.BEGUN)).isEqualTo("seen in part: worker 0 transaction 1 BEGUN");
    }

    @Test
    void findsARecordThatIsDoubled() {
        seeAll(1);
        seen.read("other-0", new SentRecord(0, 1, 4));

        assertThat(violations(Fate.COMMITTED)).isEqualTo("1 records were seen twice");
    }

    @Test
    void findsARecordThatIsOutOfOrder() {
        seen.read("orders-0", new SentRecord(0, 1, 9));
        seeUpTo(1, 9);

        assertThat(violations(Fate.COMMITTED)).isEqualTo("1 records are out of order");
    }

    @Test
    void findsATransactionNobodyBegan() {
        seeAll(1);
        seeAll(2);

        assertThat(violations(Fate.COMMITTED)).isEqualTo("more transactions were seen than begun: 2");
    }

    @Test
    void findsOffsetsThatDoNotBelongToWhatWasSeen() {
        seeAll(4);

        Verdict verdict = Verdict.of(1, Map.of(0, Map.of(4, Fate.COMMITTED)), seen, Map.of(0, 1L));

        assertThat(verdict.violations())
                .containsExactly("the group of worker 0 has the offset 1, and the last transaction with offsets is 4");
    }

    @Test
    void findsAWorkerThatDidNotGetToTheEnd() {
        assertThat(Verdict.of(2, Map.of(0, Map.of(1, Fate.ABORTED)), seen, NO_OFFSETS)
                        .violations())
                .containsExactly("worker 0 began 1 of 2");
    }

    @Test
    void findsAFencedProducer() {
        assertThat(violations(Fate.FENCED)).isEqualTo("fenced by nobody: worker 0 transaction 1");
    }

    private String violations(Fate fate) {
        return String.join(
                "; ",
                Verdict.of(1, Map.of(0, Map.of(1, fate)), seen, NO_OFFSETS).violations());
    }

    private void seeAll(int number) {
        seeUpTo(number, SentRecord.PER_TRANSACTION);
    }

    private void seeUpTo(int number, int end) {
        for (int index = 0; index < end; index++) {
            SentRecord record = new SentRecord(0, number, index);
            seen.read(record.topic() + "-0", record);
        }
    }
}
