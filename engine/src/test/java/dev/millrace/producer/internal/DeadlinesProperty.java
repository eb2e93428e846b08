package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever keeps records from being delivered, none fails before its deadline, and none later than its batch may have been
 * open. To replay a history, or to play many more: {@code -Dmillrace.seed=17} and {@code -Dmillrace.histories=50000}.
 */
class DeadlinesProperty {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int HISTORIES = Integer.getInteger("millrace.histories", 60);

    @Test
    @Timeout(3600)
    void everyRecordFailsAtItsOwnDeadline() {
        int timedOut = 0;
        int delivered = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            DeadlineHistory history = new DeadlineHistory(seed);
            try {
                history.play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history fails: seed=" + seed + " " + e.getMessage(), e);
            }
            timedOut += history.timedOut();
            delivered += history.delivered();
        }
        if (HISTORIES > 10) {
            assertThat(timedOut).as("it is about these").isGreaterThan(HISTORIES * 20);
            assertThat(delivered).as("not everything was blocked").isGreaterThan(HISTORIES * 20);
        }
    }
}
