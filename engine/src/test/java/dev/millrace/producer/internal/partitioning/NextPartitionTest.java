package dev.millrace.producer.internal.partitioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NextPartitionTest {

    private static final long SEED = 11;
    private static final int ROUNDS = 80_000;

    @Test
    @Tag("row-28")
    void queueLengthsOf0And3And1AreChosenAs4To1To3() {
        double[] shares = shares(NextPartition.BY_LOAD, Partitions.loaded(0, 3, 1));

        assertThat(shares[0]).isCloseTo(4 / 8.0, within(0.01));
        assertThat(shares[1]).isCloseTo(1 / 8.0, within(0.01));
        assertThat(shares[2]).isCloseTo(3 / 8.0, within(0.01));
    }

    @Test
    void equalLoadsAreChosenEquallyHoweverHigh() {
        for (double share : shares(NextPartition.BY_LOAD, Partitions.loaded(7, 7, 7, 7))) {
            assertThat(share).isCloseTo(0.25, within(0.01));
        }
    }

    @Test
    void loadsDoNotMatterIfTheyAreNotAskedFor() {
        for (double share : shares(NextPartition.UNIFORM, Partitions.loaded(0, 3, 1))) {
            assertThat(share).isCloseTo(1 / 3.0, within(0.01));
        }
    }

    @Test
    void loadsBeyondTheIntegersDoNotOverflow() {
        double[] shares = shares(NextPartition.BY_LOAD, Partitions.loaded(0, Integer.MAX_VALUE, 0));

        assertThat(shares[0]).isCloseTo(0.5, within(0.01));
        assertThat(shares[1]).isZero();
    }

    @Test
    void thePartitionsWithoutLeaderAreLeftOut() {
        Partitions partitions = new Partitions(4, 1, 3);
        partitions.loads[1] = 1;

        assertThat(shares(NextPartition.BY_LOAD, partitions)).satisfies(shares -> {
            assertThat(shares[0] + shares[2]).isZero();
            assertThat(shares[3]).isCloseTo(2 / 3.0, within(0.01));
        });
    }

    @Test
    void allAreCandidatesIfNoneHasALeader() {
        assertThat(shares(NextPartition.BY_LOAD, new Partitions(3))).doesNotContain(0.0);
    }

    /** 27, of the choice. */
    @Test
    @Tag("row-27")
    void aLeaderThatTakesNothingGetsNothing() {
        Partitions partitions = Partitions.allOf(4);
        partitions.leaders[2] = 0; // partitions 0 and 2 have the same leader
        partitions.overdue.set(0);

        double[] shares = shares(NextPartition.BY_LOAD, partitions);
        assertThat(shares[0] + shares[2]).isZero();
        assertThat(shares[1]).isCloseTo(0.5, within(0.01));
    }

    @Test
    void oneOfThemAllGetsItIfNoLeaderTakesAnything() {
        Partitions partitions = Partitions.allOf(3);
        partitions.overdue.set(0, 3);

        assertThat(shares(NextPartition.BY_LOAD, partitions)).doesNotContain(0.0);
    }

    @Test
    void leadersInTheOwnRackGoFirstAndAmongThemTheLeastLoaded() {
        Partitions partitions = Partitions.loaded(0, 0, 1, 0);
        partitions.nearby = new int[] {1, 2};

        double[] shares = shares(NextPartition.BY_LOAD, partitions);
        assertThat(shares[0] + shares[3]).isZero();
        assertThat(shares[1]).isCloseTo(2 / 3.0, within(0.01));
        assertThat(shares(NextPartition.UNIFORM, partitions)[1]).isCloseTo(0.5, within(0.01));
    }

    @Test
    void otherRacksTakeOverWhenTheOwnOneTakesNothing() {
        Partitions partitions = Partitions.allOf(3);
        partitions.nearby = new int[] {1};
        partitions.overdue.set(1);

        double[] shares = shares(NextPartition.BY_LOAD, partitions);
        assertThat(shares[1]).isZero();
        assertThat(shares[0]).isCloseTo(0.5, within(0.01));
    }

    private static double[] shares(NextPartition next, Partitions partitions) {
        Random random = new Random(SEED);
        double[] shares = new double[partitions.partitionCount()];
        for (int round = 0; round < ROUNDS; round++) {
            shares[next.choose(partitions, random)] += 1.0 / ROUNDS;
        }
        return shares;
    }
}
