package dev.millrace.producer.internal.accumulator;

import static dev.millrace.producer.internal.accumulator.TestAccumulator.BATCH_BYTES;
import static dev.millrace.producer.internal.accumulator.TestAccumulator.LINGER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a partition queue tells those who choose a partition. */
class PartitionLoadTest {

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final TestAccumulator test = new TestAccumulator();
    private final PartitionQueue queue = test.queue();

    /** 28, of the lengths. */
    @Test
    @Tag("row-28")
    void theLoadIsInBatchSizesAlsoWhileOneBatchGrows() {
        assertThat(queue.load()).isZero();
        test.append("small");
        assertThat(queue.load()).isEqualTo(1);
        test.append(Records.recordOf(BATCH_BYTES));
        assertThat(queue.load()).isEqualTo(2);
        test.append(Records.recordOf(BATCH_BYTES));
        assertThat(queue.load()).isEqualTo(3);
    }

    @Test
    void theLoadIsGoneWithTheBatches() {
        for (int i = 0; i < 8; i++) {
            test.append(Records.recordOf(BATCH_BYTES / 2));
        }
        assertThat(queue.load()).isGreaterThanOrEqualTo(4);
        while (queue.headBytes() > 0) {
            test.succeed(test.drain());
        }
        assertThat(queue.load()).isZero();
        assertThat(queue.isFilling()).isFalse();
    }

    @Test
    void aBatchFillsUntilItHasTheBatchSizeOrIsDrained() {
        assertThat(queue.isFilling()).isFalse();
        test.append("small");
        assertThat(queue.isFilling()).isTrue();
        test.append(Records.recordOf(BATCH_BYTES));
        assertThat(queue.isFilling()).isFalse();
        test.succeed(test.drain());
        test.append("small");
        test.succeed(test.drain());
        assertThat(queue.isFilling()).isFalse();
    }

    @Test
    void aRecordTellsByHowMuchItsBatchHasGrown() {
        RecordCompletion first = new RecordCompletion(null);
        RecordCompletion second = new RecordCompletion(null);
        test.append(Records.recordOf(100), first);
        test.append(Records.recordOf(100), second);

        assertThat(first.grownBytes() + second.grownBytes()).isEqualTo(queue.headBytes());
        assertThat(second.grownBytes()).isGreaterThan(100);
        assertThat(first.grownBytes()).as("with the batch's header").isGreaterThan(second.grownBytes() + 50);
    }

    @Test
    @Tag("row-27")
    void dataIsOverdueOnceItWasReadyForLongerThanTheTimeout() {
        assertThat(isOverdue()).isFalse();
        test.append("small");
        test.ticker.advance(LINGER.plus(TIMEOUT));
        assertThat(isOverdue()).isFalse();
        test.ticker.advance(Duration.ofNanos(1));
        assertThat(isOverdue()).isTrue();
        test.succeed(test.drain());
        assertThat(isOverdue()).isFalse();
    }

    @Test
    void aFullBatchIsReadyBeforeItsLingerIsOver() {
        TestAccumulator patient = new TestAccumulator(
                new BatchLimits(BATCH_BYTES, BATCH_BYTES, Duration.ofMinutes(1).toNanos()), 100);
        patient.append(Records.recordOf(BATCH_BYTES / 2));
        patient.append(Records.recordOf(BATCH_BYTES / 2));
        patient.ticker.advance(TIMEOUT.plusNanos(1));
        assertThat(patient.queue().isOverdue(patient.ticker.nanos(), TIMEOUT.toNanos()))
                .isTrue();
    }

    @Test
    void aDrainStartsTheTimeAnew() {
        for (int i = 0; i < 8; i++) {
            test.append(Records.recordOf(BATCH_BYTES / 2));
        }
        test.ticker.advance(TIMEOUT.plusNanos(1));
        assertThat(isOverdue()).isTrue();
        test.succeed(test.drain());
        assertThat(queue.headBytes()).as("something is left").isPositive();
        assertThat(isOverdue()).isFalse();
        test.ticker.advance(TIMEOUT.plus(LINGER).plusNanos(1));
        assertThat(isOverdue()).isTrue();
    }

    @Test
    void theTimeARecordWaitedForItsTopicDoesNotCount() {
        test.appendUnassigned("early");
        test.ticker.advance(TIMEOUT.multipliedBy(2));
        test.accumulator.assignWaiting(test.topic(), record -> 0);
        assertThat(isOverdue()).isFalse();
    }

    @Test
    void nothingFillsIfEveryRecordHasABatchOfItsOwn() {
        TestAccumulator single = new TestAccumulator(new BatchLimits(0, 0, LINGER.toNanos()), 100);
        single.append("a");
        assertThat(single.queue().isFilling()).isFalse();
        int one = single.queue().load();
        single.append("b");
        assertThat(single.queue().load()).isEqualTo(2 * one);
    }

    private boolean isOverdue() {
        return queue.isOverdue(test.ticker.nanos(), TIMEOUT.toNanos());
    }
}
