package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import org.junit.jupiter.api.Test;

class ProducerHistoryTest {

    private final ProducerHistory history = new ProducerHistory();
    private long nextOffset = 100;

    @Test
    void takesTheFirstBatchWithAnySequence() {
        assertThat(history.judge(batch(0, 17, 1))).isEqualTo(ProducerHistory.Verdict.APPEND);
    }

    @Test
    void takesTheNextSequence() {
        append(0, 0, 3);
        assertThat(history.judge(batch(0, 3, 2))).isEqualTo(ProducerHistory.Verdict.APPEND);
    }

    @Test
    void refusesAGap() {
        append(0, 0, 3);
        assertThat(history.judge(batch(0, 4, 1)).error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void findsEachOfTheLastFiveBatches() {
        for (int i = 0; i < 6; i++) {
            append(0, i * 2, 2);
        }
        for (int i = 1; i < 6; i++) {
            ProducerHistory.Verdict verdict = history.judge(batch(0, i * 2, 2));
            assertThat(verdict.isDuplicate()).isTrue();
            assertThat(verdict.originalOffset()).isEqualTo(100 + i * 2);
        }
        assertThat(history.judge(batch(0, 0, 2)).error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void refusesARetryWithOtherBoundaries() {
        append(0, 0, 4);
        assertThat(history.judge(batch(0, 0, 2)).error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void wrapsSequencesToZero() {
        append(0, Integer.MAX_VALUE - 1, 2);
        assertThat(history.judge(batch(0, 0, 1))).isEqualTo(ProducerHistory.Verdict.APPEND);
    }

    @Test
    void findsADuplicateAcrossTheWrap() {
        append(0, Integer.MAX_VALUE, 3);
        assertThat(history.judge(batch(0, Integer.MAX_VALUE, 3)).originalOffset())
                .isEqualTo(100);
        assertThat(history.judge(batch(0, 2, 1))).isEqualTo(ProducerHistory.Verdict.APPEND);
    }

    @Test
    void refusesAnOlderEpoch() {
        append(2, 0, 1);
        assertThat(history.judge(batch(1, 1, 1)).error()).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void startsANewEpochAtZeroOnly() {
        append(0, 0, 1);
        assertThat(history.judge(batch(1, 1, 1)).error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        append(1, 0, 1);
        assertThat(history.judge(batch(1, 1, 1))).isEqualTo(ProducerHistory.Verdict.APPEND);
        assertThat(history.judge(batch(1, 0, 1)).originalOffset()).isEqualTo(101);
    }

    private void append(int epoch, int baseSequence, int count) {
        RecordBatchHeader batch = batch(epoch, baseSequence, count);
        assertThat(history.judge(batch)).isEqualTo(ProducerHistory.Verdict.APPEND);
        history.remember(batch, nextOffset);
        nextOffset += count;
    }

    private static RecordBatchHeader batch(int epoch, int baseSequence, int count) {
        return new RecordBatchHeader(0, 100, -1, (short) 0, count - 1, 0, 0, 7, (short) epoch, baseSequence, count);
    }
}
