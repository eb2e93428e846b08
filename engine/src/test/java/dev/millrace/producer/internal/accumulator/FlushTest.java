package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FlushTest {

    private final TestAccumulator test = new TestAccumulator();

    @Test
    void isDoneAtOnceWhenThereIsNothing() {
        assertThat(test.accumulator.flush()).isCompleted();
        assertThat(test.wakeUps).hasValue(0);
    }

    @Test
    void waitsUntilTheCallbacksHaveRun() {
        List<String> events = new ArrayList<>();
        test.append(Records.record("a"), new RecordCompletion((metadata, failure) -> events.add("callback")));
        CompletableFuture<Void> flush = test.accumulator.flush().thenRun(() -> events.add("flushed"));

        test.succeed(test.drain());
        assertThat(flush).isNotDone();
        test.deliver();

        assertThat(flush).isDone();
        assertThat(events).containsExactly("callback", "flushed");
    }

    @Test
    void countsFailedRecordsAsFlushed() {
        test.append("a");
        CompletableFuture<Void> flush = test.accumulator.flush();

        test.completions.fail(test.drain(), test.failure);
        test.deliver();

        assertThat(flush).isCompleted();
    }

    @Test
    void waitsForBatchesUnderWayAndQueued() {
        test.append("a");
        ProducerBatch underway = test.drain();
        test.append("b");
        CompletableFuture<Void> flush = test.accumulator.flush();

        test.drainAll();
        test.deliver();
        assertThat(flush).isNotDone();
        test.succeed(underway);
        test.deliver();

        assertThat(flush).isDone();
    }

    @Test
    void doesNotWaitForLaterBatches() {
        test.append("a");
        CompletableFuture<Void> flush = test.accumulator.flush();
        ProducerBatch before = test.drain();
        test.append("later");

        test.succeed(before);
        test.deliver();

        assertThat(flush).isDone();
        assertThat(test.pending()).isEqualTo(1);
    }

    @Test
    void waitsForRecordsThatWaitForTheirTopic() {
        test.appendUnassigned("w0");
        test.appendUnassigned("w1");
        CompletableFuture<Void> flush = test.accumulator.flush();
        assertThat(flush).isNotDone();

        test.accumulator.assignWaiting(test.topic(), record -> 0);
        test.deliver();
        assertThat(flush).isNotDone();
        test.drainAll();
        test.deliver();

        assertThat(flush).isDone();
    }

    @Test
    void hurriesRecordsThatWaitedForTheirTopic() {
        test.appendUnassigned("w0");
        var unused = test.accumulator.flush();

        test.accumulator.assignWaiting(test.topic(), record -> 0);

        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void hurriesTheLingeringBatchARecordMovesInto() {
        test.append("a");
        test.pollChanged();
        assertThat(test.waitNanos()).isPositive();
        test.appendUnassigned("w0");
        test.topic().attachToWaiting(new FlushTicket());

        test.accumulator.assignWaiting(test.topic(), record -> 0);

        assertThat(test.pollChanged()).containsExactly(test.queue());
        assertThat(test.waitNanos()).isZero();
    }

    @Test
    void countsRecordsThatFailWithoutEverSeeingTheirTopic() {
        test.appendUnassigned("w0");
        CompletableFuture<Void> flush = test.accumulator.flush();

        List<WaitingRecord> removed = test.accumulator.removeWaiting(test.topic(), record -> true);
        test.completions.failWaiting(test.topic(), removed, record -> test.failure);
        assertThat(flush).isNotDone();
        test.deliver();

        assertThat(flush).isDone();
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    /** The delivery executor is busy with somebody's callback. */
    @Test
    void waitsForRecordsWhoseFailureHasYetToBeTold() {
        test.appendUnassigned("w0");
        List<WaitingRecord> removed = test.accumulator.removeWaiting(test.topic(), record -> true);
        test.completions.failWaiting(test.topic(), removed, record -> test.failure);

        CompletableFuture<Void> flush = test.accumulator.flush();
        assertThat(flush).isNotDone();
        test.deliver();

        assertThat(flush).isDone();
        assertThat(test.accumulator.flush()).isDone();
    }

    @Test
    void waitsForThePiecesOfASplitBatch() {
        for (int i = 0; i < 8; i++) {
            test.append(Records.recordOf(200));
        }
        CompletableFuture<Void> flush = test.accumulator.flush();
        ProducerBatch parent = test.drain();
        parent.stamp(-1, (short) -1, -1);

        List<ProducerBatch> pieces = test.split(parent);
        assertThat(flush).isNotDone();
        pieces.subList(1, pieces.size()).forEach(test::succeed);
        test.deliver();
        assertThat(flush).isNotDone();
        test.succeed(pieces.get(0));
        test.deliver();

        assertThat(flush).isDone();
    }

    /** What is chained to the flush may flush again; no lock is held then. */
    @Test
    void runsWhatIsChainedToItWithoutALock() {
        test.append("a");
        ProducerBatch batch = test.drain();
        List<Boolean> locked = new ArrayList<>();
        CompletableFuture<Void> flush = test.accumulator.flush().thenRun(() -> locked.add(Thread.holdsLock(batch)));

        test.succeed(batch);
        test.deliver();

        assertThat(flush).isDone();
        assertThat(locked).containsExactly(false);
    }
}
