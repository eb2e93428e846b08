package dev.millrace.benchmarks.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The long run of docs/endurance.md, cut short. */
@Timeout(300)
class EndureTransactionsIT {

    @Test
    void everyTransactionIsWholeOrAbsentWhateverDies() throws Exception {
        EndureTransactions.Run run = EndureTransactions.run(EndureTransactions.parse(
                "transactions=400", "workers=4", "rate=20", "kill=8s", "app-kill=9s", "limit=240s", "seed=7"));

        assertThat(run.verdict().violations()).isEmpty();
        assertThat(run.verdict().count(Fate.COMMITTED)).isGreaterThan(250);
        assertThat(run.coordinatorKills()).isGreaterThanOrEqualTo(2);
        assertThat(run.applicationKills()).isGreaterThanOrEqualTo(2);
    }
}
