package dev.millrace.producer.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to brokers and connections, no record is lost, doubled or out of order. To replay a history, or to
 * play many more: {@code -Dmillrace.seed=17} and {@code -Dmillrace.histories=50000}.
 */
class FaultHistoryProperty {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int HISTORIES = Integer.getInteger("millrace.histories", 300);

    @Test
    @Timeout(3600)
    void everyRecordEndsOnceAndTheLogHasTheOrderOfTheSends() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            try {
                new FaultHistory(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("history fails: seed=" + seed + " " + e.getMessage(), e);
            }
        }
    }
}
