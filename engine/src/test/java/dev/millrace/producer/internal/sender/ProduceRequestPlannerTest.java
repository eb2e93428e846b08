package dev.millrace.producer.internal.sender;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProduceRequestPlannerTest {

    private final ProduceRequestPlanner planner = new ProduceRequestPlanner(1_000_000, 16_000);

    @Test
    void fillsARequestUpToItsLimit() {
        assertThat(planner.fits(3, 900_000, 100_000)).isTrue();
        assertThat(planner.fits(3, 900_000, 100_001)).isFalse();
    }

    @Test
    void letsALargerBatchTravelAlone() {
        assertThat(planner.fits(0, 0, 2_000_000)).isTrue();
        assertThat(planner.fits(1, 1, 2_000_000)).isFalse();
    }

    @Test
    void countsBeyondTheLargestInt() {
        ProduceRequestPlanner large = new ProduceRequestPlanner(Integer.MAX_VALUE, Integer.MAX_VALUE);

        assertThat(large.fits(1, Integer.MAX_VALUE, 1)).isFalse();
        assertThat(large.isWorthSending(Integer.MAX_VALUE, 100)).isTrue();
        assertThat(large.isWorthSending(1, 100)).isFalse();
    }

    @Test
    void sendsAnythingToAnIdleNode() {
        assertThat(planner.isWorthSending(1, 0)).isTrue();
        assertThat(planner.isWorthSending(0, 0)).isTrue();
    }

    @Test
    void asksForFourTimesAsMuchWithEachRequestInFlight() {
        assertThat(planner.isWorthSending(15_999, 1)).isFalse();
        assertThat(planner.isWorthSending(16_000, 1)).isTrue();
        assertThat(planner.isWorthSending(63_999, 2)).isFalse();
        assertThat(planner.isWorthSending(64_000, 2)).isTrue();
        assertThat(planner.isWorthSending(255_999, 3)).isFalse();
        assertThat(planner.isWorthSending(256_000, 3)).isTrue();
    }

    @Test
    void neverAsksForMoreThanHalfARequest() {
        assertThat(planner.isWorthSending(499_999, 4)).isFalse();
        assertThat(planner.isWorthSending(500_000, 4)).isTrue();
        assertThat(planner.isWorthSending(500_000, 1_000)).isTrue();
    }

    @Test
    void asksForSomethingEvenWithBatchSizeZero() {
        ProduceRequestPlanner zero = new ProduceRequestPlanner(1_000_000, 0);

        assertThat(zero.isWorthSending(0, 1)).isFalse();
        assertThat(zero.isWorthSending(1, 1)).isTrue();
    }
}
