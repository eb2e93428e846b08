package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllOptions.OnFailure;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 1: sends that do not wait, or only as long as they may; and sources that are read as the buffer takes them. */
@Timeout(30)
class FlowScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final int BUFFER = 64 * 1024;

    private final SimulatedProducer sim = new SimulatedProducer(1, config -> config.linger(Duration.ZERO)
            .maxBlock(SECOND)
            .bufferMemory(BUFFER)
            .maxRequestSize(16 * 1024)
            .batchSize(4 * 1024));

    private void warm() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        sim.sent.clear();
        sim.completed.clear();
    }

    private static ProducerRecord<String, String> record(String value) {
        return new ProducerRecord<>(TOPIC, 0, null, value);
    }

    private static String value(int i, int bytes) {
        return "%06d".formatted(i) + "x".repeat(bytes - 6);
    }

    private static List<ProducerRecord<String, String>> records(int count, int bytes) {
        return IntStream.range(0, count).mapToObj(i -> record(value(i, bytes))).toList();
    }

    private int fill(String topic, @Nullable Integer partition) {
        int accepted = 0;
        while (sim.producer.trySend(new ProducerRecord<>(topic, partition, null, value(accepted, 1_000))) != null) {
            accepted++;
        }
        return accepted;
    }

    /** Unknown topics: accepted without the cluster, in order, within the byte budget, and then delivered in order. */
    @Test
    void unknownTopicsQueueInOrderWithinTheBuffer() {
        sim.cluster.broker(1).goDown();
        int accepted = fill(TOPIC, null);
        assertThat(accepted).isBetween(8, BUFFER / 1_000);
        assertThat(sim.pool.usage().usedBytes()).isLessThanOrEqualTo(BUFFER);
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.broker(1).comeUp();
        sim.loop.advance(Duration.ofMillis(900));
        assertThat(sim.log(0))
                .isEqualTo(IntStream.range(0, accepted)
                        .mapToObj(i -> value(i, 1_000))
                        .toList());
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void trySendCountsNothingItDidNotTake() {
        warm();
        sim.cluster.onProduce(call -> {});
        int accepted = fill(TOPIC, 0);
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(report.submitted()).isEqualTo(accepted + 1);
        assertThat(report.failed()).isEqualTo(accepted);
    }

    @Test
    void trySendTellsRefusalsThroughTheFuture() {
        warm();
        assertThat(sim.producer.trySend(record("x".repeat(20_000)))).isNotNull().isCompletedExceptionally();
    }

    @Test
    void whenWritableTellsWhenTheRecordThatWasRefusedHasRoom() {
        warm();
        sim.cluster.onProduce(call -> {});
        fill(TOPIC, 0);
        ProducerRecord<String, String> large = record("y".repeat(15_000));
        assertThat(sim.producer.trySend(large)).isNull();
        List<@Nullable CompletableFuture<RecordMetadata>> second = new ArrayList<>();
        CompletableFuture<Void> writable = sim.producer.whenWritable();
        CompletableFuture<Void> unused = writable.thenRun(() -> second.add(sim.producer.trySend(large)));
        sim.loop.advance(MILLI);
        assertThat(writable).isNotDone();
        sim.cluster.broker(1).goDown();
        sim.cluster.onProduce(call -> call.appendAndAnswer());
        sim.cluster.broker(1).comeUp();
        sim.loop.advance(SECOND.multipliedBy(10));
        assertThat(writable).isCompleted();
        assertThat(second)
                .singleElement()
                .satisfies(future -> assertThat(future).isNotNull().isCompleted());
    }

    @Test
    void closedProducerThrows() {
        CompletableFuture<Void> waits;
        warm();
        sim.cluster.onProduce(call -> {});
        fill(TOPIC, 0);
        waits = sim.producer.whenWritable();
        sim.close(Duration.ZERO);
        assertThat(waits).isCompletedExceptionally();
        assertThatThrownBy(waits::join)
                .hasCauseInstanceOf(ProducerClosedException.class)
                .cause()
                .satisfies(Fault.CLOSED_WHILE_WAITING_FOR_ROOM::isToldBy);
        assertThatThrownBy(() -> sim.producer.trySend(record("late"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(sim.producer::whenWritable).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sim.producer.sendAll(List.of())).isInstanceOf(IllegalStateException.class);
    }

    /** 42, and the clock of max-block is that of the whole send. */
    @Test
    @Tag("row-42")
    void sendWaitsForMemoryAsLongAsMaxBlock() throws Exception {
        warm();
        sim.cluster.onProduce(call -> {});
        fill(TOPIC, 0);
        long before = System.nanoTime();
        FutureTask<CompletableFuture<RecordMetadata>> send =
                new FutureTask<>(() -> sim.producer.send(record("w".repeat(9_000))));
        new Thread(send).start();
        while (!send.isDone()) {
            sim.loop.runReady(); // no virtual time passes: the wait is on the thread's own clock
            Thread.onSpinWait();
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - before);
        assertThat(waited).isBetween(SECOND, SECOND.multipliedBy(3));
        assertThatThrownBy(() -> send.get().join())
                .hasCauseInstanceOf(BufferExhaustedException.class)
                .hasMessageContaining("buffer exhausted after 1000 ms")
                .hasMessageContaining("brokers are slower than this producer");
    }

    @Test
    void sendOnTheLoopFailsAtOnceAndNamesTheRemedy() {
        warm();
        sim.cluster.onProduce(call -> {});
        fill(TOPIC, 0);
        Sent refused = sim.send(0, "w".repeat(9_000));
        sim.loop.runReady();
        Fault.BUFFER_EXHAUSTED_ON_THE_LOOP.isToldBy(refused.failure());
        assertThat(refused.failure())
                .isInstanceOf(BufferExhaustedException.class)
                .hasMessageContaining("no wait allowed on this thread (it is the producer's event loop)")
                .hasMessageContaining("use trySend and whenWritable here");
    }

    @Test
    @Tag("row-111")
    void closeLeavesNoTimerOfWhatWaited() {
        warm();
        sim.loop.advance(SECOND);
        int before = sim.loop.pendingTasks();
        sim.send("unknown", null, "waits", () -> {});
        CompletableFuture<?> question = sim.producer.partitionsFor("unknown too");
        CompletableFuture<?> givenUp = sim.producer.partitionsFor("unknown as well");
        givenUp.cancel(true);
        sim.loop.runReady();
        sim.close(Duration.ZERO);
        assertThat(question).isCompletedExceptionally();
        assertThat(sim.loop.pendingTasks()).isLessThanOrEqualTo(before + 1); // the metadata may look for the topics
    }

    // --- sendAll

    @Test
    void sendsAllOfAnIterableLargerThanTheBuffer() {
        warm();
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(records(1_000, 1_000));
        assertThat(result).isNotDone();
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(result).isCompletedWithValue(new SendAllResult(1_000, 1_000, 0, null, null));
        assertThat(result.join().isComplete()).isTrue();
        assertThat(sim.log(0).subList(1, 1_001))
                .isEqualTo(records(1_000, 1_000).stream()
                        .map(ProducerRecord::value)
                        .toList());
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void readsNoFurtherThanTheBufferTakes() {
        warm();
        sim.cluster.onProduce(call -> {});
        Counting source = new Counting(1_000_000, 1_000);
        CompletableFuture<SendAllResult> unused = sim.producer.sendAll(source);
        sim.loop.advance(MILLI);
        assertThat(source.read).isBetween(8, BUFFER / 1_000 + 1);
    }

    @Test
    void keepsNoMoreInFlightThanItMay() {
        warm();
        sim.cluster.onProduce(call -> {});
        Counting source = new Counting(1_000, 10);
        CompletableFuture<SendAllResult> unused =
                sim.producer.sendAll(source, SendAllOptions.defaults().withMaxInFlight(7));
        sim.loop.advance(MILLI);
        assertThat(source.read).isEqualTo(7);
    }

    @Test
    void goesOnAfterAFailureOrStopsAtTheFirst() {
        warm();
        List<ProducerRecord<String, String>> records = new ArrayList<>(records(10, 10));
        records.add(5, record("x".repeat(20_000)));
        CompletableFuture<SendAllResult> all = sim.producer.sendAll(records);
        sim.loop.advance(SECOND);
        assertThat(all.join().sent()).isEqualTo(11);
        assertThat(all.join().delivered()).isEqualTo(10);
        assertThat(all.join().failed()).isEqualTo(1);
        assertThat(all.join().firstFailure()).isInstanceOf(RecordRejectedException.class);
        assertThat(all.join().isComplete()).isFalse();

        Counting endless = new Counting(Integer.MAX_VALUE, 20_000);
        CompletableFuture<SendAllResult> stopped =
                sim.producer.sendAll(endless, SendAllOptions.defaults().withOnFailure(OnFailure.STOP));
        sim.loop.advance(SECOND);
        assertThat(stopped.join().failed()).isEqualTo(stopped.join().sent()).isLessThanOrEqualTo(128);
        assertThat(stopped.join().firstFailure()).isInstanceOf(RecordRejectedException.class);
    }

    @Test
    void sourceThatThrowsEndsIt() {
        warm();
        RuntimeException broken = new IllegalArgumentException("of the user");
        Iterator<ProducerRecord<String, String>> source = new Iterator<>() {
            private int read;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public ProducerRecord<String, String> next() {
                if (read++ == 3) {
                    throw broken;
                }
                return record("v");
            }
        };
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(() -> source);
        sim.loop.advance(SECOND);
        assertThat(result).isCompletedWithValue(new SendAllResult(3, 3, 0, null, broken));
    }

    @Test
    void cancelledResultEndsTheReading() {
        warm();
        List<Runnable> answers = new ArrayList<>();
        sim.cluster.onProduce(call -> answers.add(call::appendAndAnswer));
        Counting endless = new Counting(Integer.MAX_VALUE, 1_000);
        CompletableFuture<SendAllResult> result =
                sim.producer.sendAll(endless, SendAllOptions.defaults().withMaxInFlight(10));
        sim.loop.advance(MILLI);
        result.cancel(true);
        sim.cluster.onProduce(call -> call.appendAndAnswer());
        answers.forEach(Runnable::run);
        sim.loop.advance(SECOND);
        assertThat(endless.read).isEqualTo(10);
        assertThat(sim.log(0)).hasSize(11);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void closeEndsTheReadingAndCountsWhatWasSent() {
        warm();
        sim.cluster.onProduce(call -> {});
        Counting endless = new Counting(Integer.MAX_VALUE, 1_000);
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(endless);
        CompletableFuture<SendAllResult> idle = sim.producer.sendAll(new Source(0));
        sim.loop.advance(MILLI);
        CloseReport report = sim.close(Duration.ZERO);
        sim.loop.advance(MILLI);
        assertThat(result).isCompleted();
        assertThat(idle).isCompleted();
        assertThat(result.join().stoppedBy())
                .isInstanceOf(ProducerClosedException.class)
                .satisfies(Fault.CLOSED_WHILE_SENDING_ALL::isToldBy);
        assertThat(result.join().failed()).isEqualTo(result.join().sent()).isEqualTo(report.failed());
        assertThat(idle.join().sent()).isZero();
    }

    @Test
    void sendsAllOfAPublisherAsTheBufferTakesIt() {
        warm();
        Source source = new Source(1_000);
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(source);
        assertThat(source.published).as("before anything could be sent").isLessThanOrEqualTo(256);
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(result).isCompletedWithValue(new SendAllResult(1_000, 1_000, 0, null, null));
        assertThat(sim.log(0).subList(1, 1_001)).isSorted().doesNotHaveDuplicates();
        assertThat(sim.log(0)).hasSize(1_001);
        assertThat(source.cancelled).as("it had ended").isFalse();
    }

    @Test
    void cancelledResultCancelsTheSubscription() {
        warm();
        sim.cluster.onProduce(call -> {});
        Source source = new Source(1_000);
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(source);
        sim.loop.advance(MILLI);
        result.cancel(true);
        assertThat(source.cancelled).isTrue();
        assertThat(source.published).isLessThanOrEqualTo(256);
    }

    @Test
    void publisherThatFailsEndsItAfterWhatItPublished() {
        warm();
        RuntimeException broken = new IllegalArgumentException("of the user");
        Source source = new Source(3);
        source.endsWith = broken;
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(source);
        sim.loop.advance(SECOND);
        assertThat(result).isCompletedWithValue(new SendAllResult(3, 3, 0, null, broken));
    }

    /** Counts what is read of it. */
    private static final class Counting implements Iterable<ProducerRecord<String, String>> {
        private final int count;
        private final int bytes;
        int read;

        Counting(int count, int bytes) {
            this.count = count;
            this.bytes = bytes;
        }

        @Override
        public Iterator<ProducerRecord<String, String>> iterator() {
            Iterator<Integer> numbers = IntStream.range(0, count).iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return numbers.hasNext();
                }

                @Override
                public ProducerRecord<String, String> next() {
                    read++;
                    return record(value(numbers.next(), bytes));
                }
            };
        }
    }

    /** Publishes on the thread that requests. */
    private static final class Source implements Flow.Publisher<ProducerRecord<String, String>> {
        private final Iterator<ProducerRecord<String, String>> records;
        private final boolean ends;
        int published;
        boolean cancelled;

        @Nullable Throwable endsWith;

        /** With no record it never ends. */
        Source(int count) {
            this.records = count == 0
                    ? Collections.emptyIterator()
                    : records(count, 1_000).iterator();
            this.ends = count > 0;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ProducerRecord<String, String>> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private long demand;
                private boolean publishing;

                @Override
                public void request(long n) {
                    demand += n;
                    if (publishing) {
                        return;
                    }
                    publishing = true;
                    while (demand > 0 && !cancelled && records.hasNext()) {
                        demand--;
                        published++;
                        subscriber.onNext(records.next());
                    }
                    publishing = false;
                    if (ends && !cancelled && !records.hasNext()) {
                        if (endsWith == null) {
                            subscriber.onComplete();
                        } else {
                            subscriber.onError(Objects.requireNonNull(endsWith));
                        }
                    }
                }

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
        }
    }
}
