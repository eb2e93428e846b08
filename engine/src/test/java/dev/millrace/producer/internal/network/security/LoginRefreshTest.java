package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginRefreshTest {

    private static final LoginRefresh DEFAULT = new LoginRefresh(0.8, 0.05, 60_000, 300_000);
    private static final RandomGenerator LEAST = () -> 0;

    /** Life and delay in seconds. */
    @ParameterizedTest
    @CsvSource({
        "3600, 2880", // 80 %
        "1200, 900", // 5 minutes before the end come before 80 %
        "360, 60", // both limits just fit
        "359, 287", // too short for both: 80 %
        "10, 8",
        "1, 1", // asked for at most once a second
        "0, 1",
        "-5, 1"
    })
    void waitsForTheEarlierOfWindowAndBuffer(long lifeSeconds, long delaySeconds) {
        long delay = DEFAULT.delayMillis(1_000, 1_000 + lifeSeconds * 1_000, LEAST);

        assertThat(delay / 1_000).isEqualTo(delaySeconds);
    }

    @Test
    void addsSomethingAtRandom() {
        assertThat(DEFAULT.delayMillis(0, 3_600_000, () -> 1L << 63)) // half of what there is
                .isEqualTo((long) (3_600_000 * 0.825));
    }

    @Test
    void asksNoMoreOftenThanItMay() {
        LoginRefresh seldom = new LoginRefresh(0.8, 0, 60_000, 0);

        assertThat(seldom.delayMillis(0, 70_000, LEAST)).isEqualTo(60_000);
        assertThat(seldom.delayMillis(0, 50_000, LEAST))
                .as("lives shorter than that")
                .isEqualTo(40_000);
    }

    @Test
    void neverWaitsBeyondTheEnd() {
        Random random = new Random(7);
        LoginRefresh late = new LoginRefresh(1.0, 0.25, 0, 0);
        for (int i = 0; i < 1_000; i++) {
            long life = 2_000L + random.nextInt(1_000_000);
            assertThat(late.delayMillis(0, life, random)).isBetween(1_000L, life);
        }
    }
}
