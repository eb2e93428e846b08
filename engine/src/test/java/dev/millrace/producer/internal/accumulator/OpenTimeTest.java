package dev.millrace.producer.internal.accumulator;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.record.RecordBatchLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long batches take records, and when the last of them is taken to have been accepted. */
class OpenTimeTest {

    private static final Duration MAX = Duration.ofMillis(500);
    private static final Duration LOOK = MAX.dividedBy(4);
    private static final long TIMEOUT_NANOS = SECONDS.toNanos(120);

    private final TestAccumulator test =
            new TestAccumulator(new BatchLimits(16_000, 1 << 20, 1 << 20, 0, OpenTime.of(TIMEOUT_NANOS, 0)), 1_000);
    private final long start = test.ticker.nanos();

    @Test
    void isATwentiethOfTheDeliveryTimeoutAndAtMostHalfASecond() {
        assertThat(OpenTime.of(TIMEOUT_NANOS, 0)).isEqualTo(new OpenTime(MAX.toNanos(), LOOK.toNanos()));
        assertThat(OpenTime.of(SECONDS.toNanos(2), MILLISECONDS.toNanos(5)))
                .isEqualTo(new OpenTime(MILLISECONDS.toNanos(100), MILLISECONDS.toNanos(25)));
    }

    @Test
    void isTheLingerAndALookWhereThatIsLonger() {
        assertThat(OpenTime.of(TIMEOUT_NANOS, SECONDS.toNanos(5)))
                .isEqualTo(new OpenTime(MILLISECONDS.toNanos(5_250), MILLISECONDS.toNanos(250)));
        assertThat(OpenTime.of(TIMEOUT_NANOS, MAX.toNanos()).maxNanos())
                .isEqualTo(MAX.plus(LOOK).toNanos());
    }

    @Test
    void closesABatchBeforeItIsTooOld() {
        test.append("a");
        List<Integer> openAfterLook = new ArrayList<>();
        for (int look = 1; look <= 5; look++) {
            test.ticker.advance(LOOK);
            if (!test.queue().closeOld(test.ticker.nanos()) && test.queue().isOpen()) {
                openAfterLook.add(look);
            }
            test.append("b");
        }
        assertThat(openAfterLook).containsExactly(1, 2, 3, 5);
        assertThat(test.drainAll()).containsExactly(List.of("a", "b", "b", "b"), List.of("b", "b"));
    }

    @Test
    void aLookTellsThatRecordsHaveCome() {
        test.append("a");
        assertThat(test.queue().acceptedUntilNanos()).isEqualTo(start);
        test.ticker.advance(Duration.ofMillis(10));
        assertThat(test.waitNanos()).isZero();
        assertThat(test.queue().acceptedUntilNanos()).as("nothing came").isEqualTo(start);
        test.append("b");
        test.ticker.advance(Duration.ofMillis(10));
        assertThat(test.waitNanos()).isZero();
        assertThat(test.queue().acceptedUntilNanos()).isEqualTo(start + MILLISECONDS.toNanos(20));
    }

    @Test
    void aBatchKnowsItsEndWhenItIsTaken() {
        test.append("a");
        test.append("b");
        test.ticker.advance(Duration.ofMillis(10));
        ProducerBatch batch = test.drain();
        assertThat(batch.acceptedUntilNanos()).isEqualTo(start + MILLISECONDS.toNanos(10));
        assertThat(batch.createdNanos()).isEqualTo(start);
        assertThat(test.split(batch)).allMatch(piece -> piece.acceptedUntilNanos() == batch.acceptedUntilNanos());
    }

    @Test
    void aBatchKnowsItsEndWhenTheNextOneBegins() {
        test.append("a");
        test.append("b");
        test.ticker.advance(Duration.ofMillis(10));
        test.append(Records.recordOf((1 << 20) - RecordBatchLayout.HEADER_BYTES));
        test.ticker.advance(Duration.ofMillis(10));
        assertThat(test.drain().acceptedUntilNanos()).isEqualTo(start + MILLISECONDS.toNanos(10));
        assertThat(test.drain().acceptedUntilNanos()).isEqualTo(start + MILLISECONDS.toNanos(10));
    }

    /** Records may come between the look that finds a batch expired and the moment it is taken. */
    @Test
    void whatHasJustComeIsNotTakenWithTheExpired() {
        test.append("a");
        long now = start + TIMEOUT_NANOS;
        test.append("b");
        assertThat(test.queue().takeExpired(now, TIMEOUT_NANOS)).isNull();
        assertThat(test.queue().takeExpired(now + TIMEOUT_NANOS - 1, TIMEOUT_NANOS))
                .isNull();
        assertThat(test.queue().takeExpired(now + TIMEOUT_NANOS, TIMEOUT_NANOS)).isNotNull();
        assertThat(test.queue().takeExpired(now + TIMEOUT_NANOS, TIMEOUT_NANOS)).isNull();
    }

    @Test
    void recordsThatWaitedJoinOnlyThoseOfTheirAge() {
        for (int i = 0; i < 8; i++) {
            test.appendUnassigned("w" + i);
            test.ticker.advance(LOOK);
        }
        test.accumulator.assignWaiting(test.topic(), record -> 0);
        test.append("new");

        List<Long> untilNanos = new ArrayList<>();
        List<List<String>> values = new ArrayList<>();
        for (ProducerBatch batch = test.queue().drain();
                batch != null;
                batch = test.queue().drain()) {
            untilNanos.add((batch.acceptedUntilNanos() - start) / LOOK.toNanos());
            values.add(Records.values(batch));
        }
        assertThat(values)
                .containsExactly(List.of("w0", "w1", "w2", "w3"), List.of("w4", "w5", "w6", "w7"), List.of("new"));
        assertThat(untilNanos).containsExactly(3L, 7L, 8L);
    }

    /** Else the loop, which has other things to do while the partition is blocked, would never look at the next batch. */
    @Test
    void nextRecordIsAnnouncedWhenNoBatchIsOpen() {
        test.append("a");
        assertThat(test.pollChanged()).hasSize(1);
        test.ticker.advance(MAX);
        assertThat(test.queue().closeOld(test.ticker.nanos())).isTrue();
        assertThat(test.queue().isOpen()).isFalse();
        test.append("b");
        assertThat(test.pollChanged()).hasSize(1);
    }
}
