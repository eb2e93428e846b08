package dev.millrace.producer.internal.accumulator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecordAccumulatorTest {

    private final TestAccumulator test = new TestAccumulator();

    @Test
    void completesRecordsInOrderWithTheirOffsets() {
        List<String> order = new ArrayList<>();
        List<RecordCompletion> completions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RecordCompletion completion = new RecordCompletion((metadata, failure) -> order.add(metadata.toString()));
            test.append(Records.record("v" + i), completion);
            completions.add(completion);
        }

        test.completions.succeed(test.drain(), 40, -1);
        assertThat(order).isEmpty();
        test.deliver();

        assertThat(order).containsExactly("orders-0@40", "orders-0@41", "orders-0@42");
        assertThat(completions).allMatch(RecordCompletion::isDone);
    }

    @Test
    void tellsNoOffsetsWhereTheBrokerToldNone() {
        test.append("a");
        RecordCompletion second = new RecordCompletion(null);
        test.append(Records.record("b"), second);

        test.completions.succeed(test.drain(), RecordMetadata.NO_OFFSET, -1);
        test.deliver();

        assertThat(second.join().hasOffset()).isFalse();
    }

    @Test
    void survivesCallbacksThatThrow() {
        RecordCompletion first = new RecordCompletion((metadata, failure) -> {
            throw new AssertionError("from user code");
        });
        test.append(Records.record("a"), first);
        RecordCompletion second = new RecordCompletion(null);
        test.append(Records.record("b"), second);

        test.completions.fail(test.drain(), test.failure);
        test.deliver();

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(test.completions.failed()).isEqualTo(2);
    }

    @Test
    void leavesACancelledFutureAlone() {
        RecordCompletion cancelled = new RecordCompletion(null);
        test.append(Records.record("a"), cancelled);
        RecordCompletion other = new RecordCompletion(null);
        test.append(Records.record("b"), other);
        cancelled.cancel(true);

        test.succeed(test.drain());
        test.deliver();

        assertThat(cancelled).isCancelled();
        assertThat(other.join().offset()).isEqualTo(1);
        assertThat(test.completions.delivered()).isEqualTo(2);
    }

    @Test
    void completesABatchOnlyOnce() {
        test.append("a");
        ProducerBatch batch = test.drain();
        test.completions.fail(batch, test.failure);

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> test.completions.succeed(batch, 0, -1));
    }

    @Test
    void accountsForEveryRecord() {
        for (int i = 0; i < 10; i++) {
            test.append(Records.recordOf(1_200));
        }
        test.appendUnassigned("w1");
        test.appendUnassigned("w2");
        assertThat(test.accumulator.acceptedRecords()).isEqualTo(12);
        assertThat(test.pending()).isEqualTo(12);

        test.succeed(test.drain());
        ProducerBatch failed = test.drain();
        test.completions.fail(failed, test.failure);
        test.accumulator.release(failed);
        List<WaitingRecord> expired = test.accumulator.removeWaiting(
                test.topic(), record -> record.record().value()[1] == '1');
        test.completions.failWaiting(test.topic(), expired, record -> test.failure);
        test.deliver();

        assertThat(test.completions.delivered()).isEqualTo(2);
        assertThat(test.completions.failed()).isEqualTo(3);
        assertThat(test.pending()).isEqualTo(7);
        test.accumulator.assignWaiting(test.topic(), record -> 0);
        assertThat(test.accumulator.acceptedRecords()).isEqualTo(12);
        test.drainAll();
        test.deliver();
        assertThat(test.pending()).isZero();
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void takesMemoryAsRecordsArrive() {
        test.append("a");
        assertThat(test.pool.usage().usedBytes()).isEqualTo(BufferPool.CHUNK_BYTES);

        test.append(Records.recordOf(2 * BufferPool.CHUNK_BYTES));

        assertThat(test.pool.usage().usedBytes()).isEqualTo(4L * BufferPool.CHUNK_BYTES);
        test.drainAll();
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void refusesWithoutWaitingWhenMemoryIsUsedUp() {
        TestAccumulator small = full();

        assertThat(small.tryAppend(Records.recordOf(3_000), new RecordCompletion(null)))
                .isEqualTo(Acceptance.NO_MEMORY);
        assertThat(small.tryAppendUnassigned("b", new RecordCompletion(null))).isEqualTo(Acceptance.NO_MEMORY);

        assertThat(small.accumulator.acceptedRecords()).isEqualTo(1);
    }

    @Test
    void endsAllLingeringWhileAThreadWaitsForMemory() throws Exception {
        TestAccumulator small = full();
        assertThat(small.waitNanos()).isPositive();
        RecordCompletion completion = new RecordCompletion(null);

        FutureTask<Acceptance> append = waiting(small, completion);

        assertThat(small.wakeUps).hasValue(2);
        assertThat(small.waitNanos()).isZero();
        int drained = small.drainAll().size(); // the waiting record may be in time for this drain
        assertThat(append.get(10, SECONDS)).isEqualTo(Acceptance.ACCEPTED);
        assertThat(small.accumulator.isHurried()).isFalse();
        assertThat(drained + small.drainAll().size()).isEqualTo(2);
        small.deliver();
        assertThat(small.pool.usage().usedBytes()).isZero();
    }

    @Test
    @Tag("row-32")
    void keepsNothingOfAnInterruptedAppend() throws Exception {
        TestAccumulator small = full();
        FutureTask<Acceptance> append = new FutureTask<>(() -> small.accumulator.append(
                small.queue(), Records.recordOf(3_000), new RecordCompletion(null), SECONDS.toNanos(20)));
        Thread thread = new Thread(append);
        thread.start();
        awaitWaiting(small);

        thread.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> append.get(10, SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(small.accumulator.isHurried()).isFalse();
        assertThat(small.drainAll()).hasSize(1);
        assertThat(small.pool.usage().usedBytes()).isZero();
    }

    @Test
    void wakesThoseWhoWaitForMemoryWhenItCloses() throws Exception {
        TestAccumulator small = full();
        FutureTask<Acceptance> append = waiting(small, new RecordCompletion(null));

        small.accumulator.close();

        assertThat(append.get(10, SECONDS)).isEqualTo(Acceptance.CLOSED);
    }

    @Test
    void refusesEverythingOnceClosed() {
        test.append("a");

        test.accumulator.close();

        RecordCompletion refused = new RecordCompletion(null);
        assertThat(test.tryAppend(Records.record("b"), refused)).isEqualTo(Acceptance.CLOSED);
        assertThat(test.tryAppend(Records.recordOf(5_000), refused)).isEqualTo(Acceptance.CLOSED);
        assertThat(test.tryAppendUnassigned("c", refused)).isEqualTo(Acceptance.CLOSED);
        assertThat(refused).isNotDone();
        assertThat(test.drainAll()).containsExactly(List.of("a"));
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    /** Whoever closes sees every record that got in, to fail it; a record that comes later is refused. */
    @Test
    void isNotClosedBeforeRecordsOnTheirWayInAreIn() throws Exception {
        FutureTask<Void> close = new FutureTask<>(test.accumulator::close, null);
        Thread closing = new Thread(close);
        AtomicBoolean closedMeanwhile = new AtomicBoolean();

        Acceptance acceptance = test.accumulator.appendUnassigned(
                test.topic(),
                new UnassignedRecord(Records.record("a"), null, new RecordCompletion(null)),
                earlier -> {
                    closing.start();
                    await().pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> close.isDone() || closing.getState() == Thread.State.WAITING);
                    closedMeanwhile.set(close.isDone());
                    return true;
                },
                0);
        close.get(10, SECONDS);

        assertThat(acceptance).isEqualTo(Acceptance.ACCEPTED);
        assertThat(closedMeanwhile).isFalse();
        assertThat(test.accumulator.removeWaiting(test.topic(), record -> true)).hasSize(1);
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void assignsWaitingRecordsInOrderAndBeforeLaterOnes() {
        for (int i = 0; i < 5; i++) {
            test.appendUnassigned("w" + i);
        }
        assertThat(test.topic().hasWaiting()).isTrue();
        assertThat(test.wakeUps).hasValue(0);

        test.accumulator.assignWaiting(test.topic(), record -> 0);
        test.append("direct");

        assertThat(test.topic().hasWaiting()).isFalse();
        assertThat(test.wakeUps).hasValue(1);
        assertThat(test.pollChanged()).containsExactly(test.queue());
        assertThat(test.drainAll()).containsExactly(List.of("w0", "w1", "w2", "w3", "w4", "direct"));
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void letsWaitOnWhatCannotBeAssigned() {
        test.appendUnassigned("w0");
        test.appendUnassigned("w1");
        test.appendUnassigned("w2");

        test.accumulator.assignWaiting(
                test.topic(), record -> record.record().value()[1] == '1' ? TopicQueues.Assigner.NOT_YET : 0);

        assertThat(test.drainAll()).containsExactly(List.of("w0", "w2"));
        assertThat(test.topic().hasWaiting()).isTrue();
        assertThat(test.pool.usage().usedBytes()).isEqualTo(BufferPool.CHUNK_BYTES);
        test.accumulator.assignWaiting(test.topic(), record -> 0);
        assertThat(test.drainAll()).containsExactly(List.of("w1"));
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void countsWaitingRecordsFromTheirAcceptance() {
        long accepted = test.ticker.nanos();
        test.appendUnassigned("w");
        assertThat(test.topic().oldestWaitingNanos()).isEqualTo(accepted);
        test.ticker.advance(TestAccumulator.LINGER);

        test.accumulator.assignWaiting(test.topic(), record -> 0);

        assertThat(test.topic().oldestWaitingNanos()).isNull();
        assertThat(test.queue().oldestNanos()).isEqualTo(accepted);
        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void assignsWaitingRecordsEvenWhenMemoryIsUsedUp() {
        TestAccumulator small = new TestAccumulator(new BatchLimits(1_000, 3_000, TestAccumulator.LINGER.toNanos()), 2);
        small.appendUnassigned("w0");
        small.appendUnassigned("w1");

        small.accumulator.assignWaiting(small.topic(), record -> 0);

        assertThat(small.pool.usage().usedBytes()).isEqualTo(BufferPool.CHUNK_BYTES);
        assertThat(small.drainAll()).containsExactly(List.of("w0", "w1"));
        assertThat(small.pool.usage().usedBytes()).isZero();
    }

    /** One chunk, taken by a record; nobody has looked at the queue yet. */
    private static TestAccumulator full() {
        TestAccumulator small = new TestAccumulator(new BatchLimits(4_000, 4_000, TestAccumulator.LINGER.toNanos()), 1);
        small.append(Records.recordOf(3_000));
        return small;
    }

    private static FutureTask<Acceptance> waiting(TestAccumulator small, RecordCompletion completion) {
        FutureTask<Acceptance> append = new FutureTask<>(() ->
                small.accumulator.append(small.queue(), Records.recordOf(3_000), completion, SECONDS.toNanos(20)));
        new Thread(append).start();
        awaitWaiting(small);
        return append;
    }

    private static void awaitWaiting(TestAccumulator small) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> small.pool.usage().waitingThreads() == 1);
    }
}
