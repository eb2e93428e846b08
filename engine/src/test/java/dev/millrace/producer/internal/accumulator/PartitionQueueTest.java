package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionQueueTest {

    private final TestAccumulator test = new TestAccumulator();

    @Test
    void announcesItsFirstRecord() {
        test.append("a");

        assertThat(test.wakeUps).hasValue(1);
        assertThat(test.pollChanged()).containsExactly(test.queue());
    }

    @Test
    void saysNothingWhileTheLoopHasNotLooked() {
        test.append("a");

        test.append(Records.recordOf(2 * TestAccumulator.BATCH_BYTES));
        test.append(Records.recordOf(2 * TestAccumulator.BATCH_BYTES));

        assertThat(test.wakeUps).hasValue(1);
        assertThat(test.pollChanged()).hasSize(1);
    }

    @Test
    void saysNothingWhileABatchFillsThatTheLoopHasSeen() {
        test.append("a");
        test.pollChanged();
        test.waitNanos();

        test.append("b");

        assertThat(test.wakeUps).hasValue(1);
        assertThat(test.pollChanged()).isEmpty();
    }

    @Test
    void announcesABatchThatIsFullBecauseOthersCompressWorseThanExpected() {
        test.queue().observe(TestAccumulator.BATCH_BYTES, 0);
        test.append(Records.recordOf(TestAccumulator.BATCH_BYTES));
        test.pollChanged();
        assertThat(test.waitNanos()).isPositive();
        test.queue().observe(TestAccumulator.BATCH_BYTES, TestAccumulator.BATCH_BYTES);

        test.append("a");
        test.append("b");

        assertThat(test.wakeUps).hasValue(2);
        assertThat(test.pollChanged()).containsExactly(test.queue());
        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void announcesABatchThatReachesItsSizeAndOnlyOnce() {
        test.append("a");
        test.pollChanged();
        test.waitNanos();

        test.append(Records.recordOf(TestAccumulator.BATCH_BYTES));
        test.append("b");

        assertThat(test.wakeUps).hasValue(2);
        assertThat(test.pollChanged()).containsExactly(test.queue());
        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void announcesTheFirstRecordAfterItWasEmptied() {
        test.append("a");
        test.pollChanged();
        test.drainAll();
        assertThat(test.waitNanos()).isEqualTo(PartitionQueue.EMPTY);

        test.append("b");

        assertThat(test.wakeUps).hasValue(2);
        assertThat(test.pollChanged()).containsExactly(test.queue());
    }

    @Test
    void growsPastTheBatchSizeWhileNobodyDrains() {
        for (int i = 0; i < 20; i++) {
            test.append(Records.recordOf(100));
        }

        ProducerBatch batch = test.drain();

        assertThat(batch.recordCount()).isEqualTo(20);
        assertThat(batch.sizeBytes()).isGreaterThan(TestAccumulator.BATCH_BYTES);
    }

    @Test
    void startsAnotherBatchAtTheGrowthLimit() {
        for (int i = 0; i < 100; i++) {
            test.append(Records.recordOf(100));
        }

        int records = 0;
        for (ProducerBatch batch = test.queue().drain();
                batch != null;
                batch = test.queue().drain()) {
            assertThat(batch.sizeBytes()).isLessThanOrEqualTo(TestAccumulator.GROWTH_BYTES);
            records += batch.recordCount();
        }
        assertThat(records).isEqualTo(100);
    }

    @Test
    void fillsABatchToExactlyTheGrowthLimit() {
        test.append("a");
        int left = TestAccumulator.GROWTH_BYTES - test.queue().headBytes();
        test.append(Records.recordOf(left - 9)); // 9 B around a value of this size

        assertThat(test.queue().headBytes()).isEqualTo(TestAccumulator.GROWTH_BYTES);
        test.append("b");
        assertThat(test.drain().recordCount()).isEqualTo(2);
        assertThat(test.drainAll()).containsExactly(List.of("b"));
    }

    @Test
    void takesARecordBeyondTheGrowthLimitAlone() {
        String large = "x".repeat(2 * TestAccumulator.GROWTH_BYTES);
        test.append("a");
        test.append(large);
        test.append("b");

        assertThat(test.drainAll()).containsExactly(List.of("a"), List.of(large), List.of("b"));
    }

    @Test
    void givesEachRecordABatchWithBatchSizeZero() {
        TestAccumulator zero = new TestAccumulator(new BatchLimits(0, 0, TestAccumulator.LINGER.toNanos()), 10);
        zero.append("a");
        zero.append("b");
        assertThat(zero.waitNanos()).isZero();
        zero.append("c");

        assertThat(zero.drainAll()).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void lingersFromTheFirstRecordOn() {
        test.append("a");
        assertThat(test.waitNanos()).isEqualTo(TestAccumulator.LINGER.toNanos());

        test.ticker.advance(Duration.ofMillis(2)); // over the overflow of the clock
        test.append("b");

        assertThat(test.waitNanos()).isEqualTo(Duration.ofMillis(3).toNanos());
        test.ticker.advance(Duration.ofMillis(3));
        assertThat(test.waitNanos()).isZero();
        test.ticker.advance(Duration.ofMillis(3));
        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void doesNotLingerBehindAFullBatch() {
        test.append("a");
        test.append(Records.recordOf(TestAccumulator.GROWTH_BYTES));

        assertThat(test.waitNanos()).isZero();
        test.drain();
        assertThat(test.waitNanos()).isZero(); // the large one has reached the batch size itself
        test.drain();
        assertThat(test.waitNanos()).isEqualTo(PartitionQueue.EMPTY);
    }

    @Test
    void doesNotLingerOnceFlushed() {
        test.append("a");
        test.pollChanged();
        test.waitNanos();

        var unused = test.accumulator.flush();

        assertThat(test.wakeUps).hasValue(2);
        assertThat(test.pollChanged()).containsExactly(test.queue());
        assertThat(test.waitNanos()).isZero();
        test.drainAll();
        test.append("b");
        assertThat(test.waitNanos()).isEqualTo(TestAccumulator.LINGER.toNanos());
    }

    @Test
    void doesNotLingerInAHurry() {
        test.append("a");

        test.accumulator.hurry();

        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void keepsTheOldestFirst() {
        test.append("a");
        long oldest = test.ticker.nanos();
        test.ticker.advance(Duration.ofMillis(4));
        test.append(Records.recordOf(TestAccumulator.GROWTH_BYTES));

        assertThat(test.queue().oldestNanos()).isEqualTo(oldest);
        assertThat(test.drain().createdNanos()).isEqualTo(oldest);
        assertThat(test.queue().oldestNanos()).isEqualTo(test.ticker.nanos());
    }

    @Test
    void growsNoFurtherThanTheBrokerTakes() {
        test.queue().limitGrowth(500);
        test.append(Records.recordOf(300));
        assertThat(test.waitNanos()).isPositive();

        test.append(Records.recordOf(120));
        assertThat(test.queue().headBytes()).isEqualTo(499);
        test.append(Records.recordOf(300));

        assertThat(test.waitNanos()).isZero();
        assertThat(test.drain().recordCount()).isEqualTo(2);
    }

    @Test
    void changesNothingWhenThereIsNoMemory() {
        TestAccumulator small = new TestAccumulator(new BatchLimits(8_000, 8_000, TestAccumulator.LINGER.toNanos()), 1);
        small.append("a");
        RecordCompletion refused = new RecordCompletion(null);

        // neither in the open batch nor in one of its own
        assertThat(small.tryAppend(Records.recordOf(5_000), refused)).isEqualTo(Acceptance.NO_MEMORY);
        assertThat(small.tryAppend(Records.recordOf(7_990), refused)).isEqualTo(Acceptance.NO_MEMORY);

        assertThat(small.waitNanos()).isEqualTo(TestAccumulator.LINGER.toNanos());
        small.append("b");
        assertThat(small.drainAll()).containsExactly(List.of("a", "b"));
        assertThat(small.pool.usage().usedBytes()).isZero();
        assertThat(small.accumulator.acceptedRecords()).isEqualTo(2);
    }
}
