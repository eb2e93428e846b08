package dev.millrace.producer.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to brokers, coordinators, connections and the application itself, readers of committed records see
 * whole transactions only, each once, and of those whose outcome was told exactly the committed ones. To replay a
 * history, or to play many more: {@code -Dmillrace.seed=17} and {@code -Dmillrace.histories=50000}.
 */
class TransactionHistoryProperty {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int HISTORIES = Integer.getInteger("millrace.histories", 300);

    @Test
    @Timeout(3600)
    void transactionsAreSeenWholeOrNotAtAll() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            try {
                new TransactionHistory(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history fails: seed=" + seed + " " + e.getMessage(), e);
            }
        }
    }
}
