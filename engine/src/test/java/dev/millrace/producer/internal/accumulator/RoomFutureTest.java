package dev.millrace.producer.internal.accumulator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RoomFutureTest {

    private static final int LIMIT = 8;

    private final TestAccumulator test = new TestAccumulator(new BatchLimits(1_000, 3_000, SECONDS.toNanos(1)), LIMIT);
    private final BufferPool pool = test.pool;
    private final List<String> events = new ArrayList<>();

    private List<ByteBuffer> take(int count) {
        List<ByteBuffer> chunks = new ArrayList<>();
        assertThat(pool.tryTake(count, chunks)).isTrue();
        return chunks;
    }

    private boolean canTake(int count) {
        List<ByteBuffer> chunks = new ArrayList<>();
        boolean taken = pool.tryTake(count, chunks);
        pool.give(chunks);
        return taken;
    }

    private CompletableFuture<Void> room(int chunks) {
        return test.accumulator.whenRoom((long) chunks * BufferPool.CHUNK_BYTES, () -> test.failure);
    }

    @Test
    void isCompleteWhileThereIsRoom() {
        assertThat(room(LIMIT)).isCompleted();
        assertThat(test.accumulator.isHurried()).isFalse();
    }

    @Test
    void asksForNoMoreThanThereIs() {
        assertThat(room(LIMIT * 2)).isCompleted();
    }

    @Test
    void completesOnTheDeliveryExecutorWhenItsAmountIsFree() {
        List<ByteBuffer> half = take(LIMIT / 2);
        List<ByteBuffer> rest = take(LIMIT / 2);
        CompletableFuture<Void> room = room(LIMIT / 2 + 1);
        pool.give(half);
        test.deliver();
        assertThat(room).isNotDone();
        pool.give(rest);
        assertThat(room).isNotDone();
        test.deliver();
        assertThat(room).isCompleted();
        assertThat(pool.usage().usedBytes()).isZero();
    }

    @Test
    void endsAllLingeringWhileItWaits() {
        List<ByteBuffer> all = take(LIMIT);
        int before = test.wakeUps.get();
        CompletableFuture<Void> room = room(1);
        assertThat(test.accumulator.isHurried()).isTrue();
        assertThat(test.wakeUps).hasValue(before + 1);
        pool.give(all);
        test.deliver();
        assertThat(room).isCompleted();
        assertThat(test.accumulator.isHurried()).isFalse();
    }

    /** The storm that does not happen: nine wait for one chunk each, and each finds it when it is told. */
    @Test
    void whatIsChainedFindsItsShareAlthoughOthersStandInLine() {
        List<ByteBuffer> all = take(LIMIT);
        List<List<ByteBuffer>> taken = new ArrayList<>();
        IntStream.range(0, LIMIT + 1).forEach(i -> {
            CompletableFuture<Void> unused = room(1).thenRun(() -> {
                events.add("turn " + i);
                taken.add(take(1));
            });
        });
        pool.give(all);
        assertThat(canTake(1)).as("a newcomer overtakes").isFalse();
        test.deliver();
        assertThat(events)
                .containsExactlyElementsOf(
                        IntStream.range(0, LIMIT).mapToObj(i -> "turn " + i).toList());
        assertThat(pool.usage().usedBytes()).isEqualTo(pool.usage().limitBytes());
        pool.give(taken.get(0));
        test.deliver();
        assertThat(events).hasSize(LIMIT + 1);
        taken.subList(1, taken.size()).forEach(pool::give);
        assertThat(pool.usage().usedBytes()).isZero();
    }

    @Test
    void whatIsNotUsedGoesToTheNext() {
        List<ByteBuffer> all = take(LIMIT);
        List<CompletableFuture<Void>> rooms =
                IntStream.range(0, 100).mapToObj(i -> room(LIMIT)).toList();
        pool.give(all);
        test.deliver();
        assertThat(rooms).allMatch(CompletableFuture::isDone);
        assertThat(pool.usage().usedBytes()).isZero();
    }

    /** First come, first served, with and without thread. */
    @Test
    @Tag("row-42")
    void standsInLineWithThreads() throws Exception {
        List<ByteBuffer> all = take(LIMIT);
        FutureTask<Acceptance> first = waiting();
        CompletableFuture<Void> second = room(LIMIT);
        pool.give(all.subList(0, 1));
        assertThat(first.get(10, SECONDS)).isEqualTo(Acceptance.ACCEPTED);
        test.deliver();
        assertThat(second).isNotDone();
        FutureTask<Acceptance> third = waiting();
        pool.give(all.subList(1, LIMIT));
        test.drainAll();
        assertThat(third.isDone()).as("it stands behind").isFalse();
        test.deliver();
        assertThat(second).isCompleted();
        assertThat(third.get(10, SECONDS)).isEqualTo(Acceptance.ACCEPTED);
    }

    private FutureTask<Acceptance> waiting() {
        int before = pool.usage().waitingThreads();
        FutureTask<Acceptance> append = new FutureTask<>(() -> test.accumulator.append(
                test.queue(), Records.recordOf(3_000), new RecordCompletion(null), SECONDS.toNanos(10)));
        Thread thread = new Thread(append);
        thread.setDaemon(true);
        thread.start();
        await().pollInSameThread().until(() -> pool.usage().waitingThreads() == before + 1);
        return append;
    }

    @Test
    void leavesTheLineWhenItIsCancelled() {
        List<ByteBuffer> all = take(LIMIT);
        CompletableFuture<Void> large = room(LIMIT);
        CompletableFuture<Void> small = room(1);
        pool.give(all.subList(0, 1));
        test.deliver();
        assertThat(small).isNotDone();
        large.cancel(true);
        test.deliver();
        assertThat(small).isCompleted();
        assertThat(test.accumulator.isHurried()).isFalse();
        pool.give(all.subList(1, LIMIT));
        assertThat(pool.usage().usedBytes()).isZero();
    }

    @Test
    void holdsNothingWhenItIsCancelledBetweenItsTurnAndItsCompletion() {
        List<ByteBuffer> all = take(LIMIT);
        CompletableFuture<Void> room = room(LIMIT);
        pool.give(all);
        room.cancel(true);
        assertThat(pool.usage().usedBytes()).isZero();
        test.deliver();
        assertThat(pool.usage().usedBytes()).isZero();
    }

    @Test
    void failsWhenTheProducerCloses() {
        take(LIMIT);
        CompletableFuture<Void> before = room(1);
        test.accumulator.close();
        CompletableFuture<Void> after = room(1);
        assertThat(before).isNotDone();
        test.deliver();
        assertThat(before).isCompletedExceptionally();
        assertThat(after).isCompletedExceptionally();
        assertThat(test.accumulator.isHurried()).isFalse();
    }

    /** Only what runs in the turn may use it. */
    @Test
    void otherThreadsDoNotTakeWhatIsSetAside() throws Exception {
        List<ByteBuffer> all = take(LIMIT);
        List<Boolean> others = new ArrayList<>();
        CompletableFuture<Void> unused = room(LIMIT).thenRun(() -> {
            FutureTask<Boolean> other = new FutureTask<>(() -> canTake(1));
            new Thread(other).start();
            others.add(joined(other));
        });
        pool.give(all);
        test.deliver();
        assertThat(others).containsExactly(false);
        assertThat(canTake(LIMIT)).isTrue();
    }

    private static boolean joined(FutureTask<Boolean> task) {
        try {
            return task.get(10, SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
