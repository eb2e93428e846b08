package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How records become batches and requests: linger, sizes, flush, splitting. */
class BatchingScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A producer whose topic is known and whose producer id is there, at a moment when nothing goes on. */
    private static SimulatedProducer warm(SimulatedProducer sim, int... leaders) {
        sim.cluster.topic(TOPIC, leaders);
        for (int partition = 0; partition < leaders.length; partition++) {
            sim.send(partition, "warm");
        }
        sim.flush();
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        sim.sent.clear();
        sim.completed.clear();
        return sim;
    }

    private static List<Integer> countsAfter(SimulatedProducer sim, int calls) {
        return sim.cluster.produceCalls().stream()
                .skip(calls)
                .map(call -> call.onlyBatch().records().size())
                .toList();
    }

    @Test
    @Tag("row-35")
    void recordsWithinTheLingerTravelTogetherWhenItIsOver() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.linger(Duration.ofMillis(200))), 1);
        for (int i = 0; i < 3; i++) {
            sim.send(0, "r" + i);
            sim.loop.advance(Duration.ofMillis(50));
        }
        sim.loop.advance(Duration.ofMillis(49));
        assertThat(sim.cluster.produceCalls()).hasSize(1);
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(countsAfter(sim, 1)).containsExactly(3);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    @Test
    @Tag("row-36")
    void fullBatchDoesNotLinger() {
        SimulatedProducer sim = warm(
                new SimulatedProducer(
                        1, config -> config.linger(Duration.ofSeconds(10)).batchSize(500)),
                1);
        sim.send(0, "x".repeat(200));
        sim.loop.runReady();
        assertThat(sim.sent).noneMatch(Sent::isDone);
        sim.send(0, "x".repeat(300));
        sim.loop.runReady();
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    @Test
    @Tag("row-37")
    void flushSendsAtOnceAndEndsAfterTheCallbacks() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.linger(Duration.ofSeconds(10))), 1);
        List<String> events = new ArrayList<>();
        sim.send(TOPIC, 0, "r", () -> events.add("callback"));
        CompletableFuture<Void> flushed = sim.producer.flushAsync().thenRun(() -> events.add("flushed"));
        sim.loop.runReady();
        assertThat(flushed).isDone();
        assertThat(events).containsExactly("callback", "flushed");
    }

    /** With records that wait for their topic. */
    @Test
    @Tag("row-37")
    void flushWaitsForRecordsWhoseTopicIsNotKnownYet() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config.linger(Duration.ofSeconds(10)));
        sim.send(0, "early");
        CompletableFuture<Void> flushed = sim.producer.flushAsync();
        sim.loop.advance(Duration.ofMillis(300));
        assertThat(flushed).isNotDone();
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(flushed).isDone();
    }

    @Test
    @Tag("row-38")
    void batchSizeZeroSendsEachRecordAlone() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.batchSize(0)), 1);
        for (int i = 0; i < 4; i++) {
            sim.send(0, "r" + i);
        }
        sim.loop.advance(SECOND);
        assertThat(countsAfter(sim, 1)).containsExactly(1, 1, 1, 1);
        assertThat(sim.log(0)).containsExactly("warm", "r0", "r1", "r2", "r3");
    }

    @Test
    @Tag("row-39")
    void partitionsTakeTurnsWhereNotAllFitIntoARequest() {
        int[] leaders = new int[20];
        java.util.Arrays.fill(leaders, 1);
        SimulatedProducer sim = warm(
                new SimulatedProducer(1, config -> config.batchSize(1000)
                        .maxRequestSize(3300)
                        .maxInFlight(1)
                        .linger(Duration.ZERO)),
                leaders);
        int before = sim.cluster.produceCalls().size();
        for (int partition = 0; partition < 20; partition++) {
            sim.send(partition, "x".repeat(930));
        }
        sim.cluster.onProduce(call -> {
            call.appendAndAnswer();
            if (sim.sent.size() < 100) {
                call.parts().forEach(part -> sim.send(part.where().partition(), "y".repeat(930)));
            }
        });
        sim.loop.advance(SECOND);
        Set<Integer> served = new HashSet<>();
        sim.cluster.produceCalls().stream().skip(before).limit(7).forEach(call -> call.parts()
                .forEach(part -> served.add(part.where().partition())));
        assertThat(served).hasSize(20);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    @Test
    @Tag("row-47")
    void flushEndsAlthoughOthersGoOnSending() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.linger(Duration.ofMillis(5))), 1);
        sim.cluster.onProduce(call -> call.request().after(Duration.ofMillis(20), late -> call.appendAndAnswer()));
        Sent before = sim.send(0, "before");
        CompletableFuture<Void> flushed = sim.producer.flushAsync();
        for (int i = 0; i < 10 && !flushed.isDone(); i++) {
            sim.send(0, "after" + i);
            sim.loop.advance(Duration.ofMillis(7));
        }
        assertThat(flushed).isDone();
        assertThat(before.isDelivered()).isTrue();
        assertThat(sim.sent).anyMatch(record -> !record.isDone());
    }

    @Test
    @Tag("row-48")
    void flushWaitsForThePiecesOfASplitBatch() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.linger(SECOND)), 1);
        sim.cluster.limitBatches(400);
        for (int i = 0; i < 4; i++) {
            sim.send(0, "x".repeat(200));
        }
        CompletableFuture<Void> flushed = sim.producer.flushAsync();
        sim.cluster.onProduce(call -> call.request().after(Duration.ofMillis(10), late -> call.appendAndAnswer()));
        sim.loop.advance(Duration.ofMillis(15));
        CompletableFuture<Void> second = sim.producer.flushAsync();
        assertThat(flushed).isNotDone();
        sim.loop.advanceUntil(flushed::isDone, SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(second).isDone();
    }

    @Test
    @Tag("row-50")
    void recordLargerThanARequestFailsAloneAndAtOnce() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.maxRequestSize(1000)), 1);
        Sent large = sim.send(0, "x".repeat(1000));
        Sent small = sim.send(0, "small");
        sim.loop.advance(SECOND);
        assertThat(large.failure())
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("record too large")
                .hasMessageContaining("limit=1000 B")
                .hasMessageContaining("app.producer.max-request-size");
        assertThat(small.isDelivered()).isTrue();
    }

    @Test
    @Tag("row-51")
    void singleRecordTheBrokerFindsTooLargeFailsAndTheNextSucceeds() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.linger(Duration.ZERO)), 1);
        sim.cluster.limitBatches(300);
        Sent large = sim.sendAlone(0, "x".repeat(400));
        Sent small = sim.sendAlone(0, "small");
        sim.loop.advance(SECOND);
        assertThat(large.failure()).isInstanceOf(RecordRejectedException.class);
        assertThat(large.failure().errorCode()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(large.failure().mayHaveBeenWritten()).isFalse();
        assertThat(small.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("warm", "small");
    }

    /** 12 records, 12169 bytes, limit 3000. */
    @Test
    @Tag("row-52")
    void batchLargerThanTheBrokerTakesIsSplitUntilItFits() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config), 1);
        sim.cluster.limitBatches(3000);
        for (int i = 0; i < 12; i++) {
            sim.send(0, "%02d".formatted(i) + "x".repeat(998));
        }
        sim.loop.advance(SECOND.multipliedBy(5));
        ProduceCall first = sim.cluster.produceCalls().get(1);
        assertThat(first.parts().get(0).sizeBytes()).isBetween(12000, 12300);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0).subList(1, 13)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertContiguous(sim.cluster.log(TOPIC, 0).batches());
        assertThat(sim.pool.usage().usedBytes()).isZero();
        int afterSplitting = sim.cluster.produceCalls().size();
        for (int i = 0; i < 12; i++) {
            sim.send(0, "x".repeat(1000));
        }
        sim.loop.advance(SECOND);
        assertThat(sim.cluster.produceCalls().stream().skip(afterSplitting))
                .as("what comes later is not too large again")
                .allMatch(call -> call.parts().get(0).sizeBytes() <= 3000);
    }

    private static void assertContiguous(List<RecordBatchHeader> batches) {
        int expected = 0;
        int epoch = 0;
        for (RecordBatchHeader batch : batches) {
            if (batch.producerEpoch() != epoch) {
                epoch = batch.producerEpoch();
                expected = 0;
            }
            assertThat(batch.baseSequence()).isEqualTo(expected);
            expected += batch.recordCount();
        }
    }

    /** A split while an earlier batch may be in the log, although its answer says otherwise. */
    @Test
    void splitDoesNotDoubleAnEarlierBatchThatMayBeInTheLog() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.linger(Duration.ZERO)), 1);
        sim.cluster.onProduce(call -> {
            call.append();
            if (call.onlyBatch().records().size() == 1) {
                call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
            } else {
                call.refuse(ErrorCode.MESSAGE_TOO_LARGE);
            }
        });
        sim.cluster.limitBatches(500);
        sim.send(0, "first");
        sim.loop.execute(() -> {
            sim.send(0, "second" + "x".repeat(400));
            sim.send(0, "third" + "x".repeat(400));
        });
        sim.loop.advance(Duration.ofMillis(50));
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).filteredOn("first"::equals).hasSize(1);
        assertThat(sim.log(0).subList(1, 4)).isEqualTo(SimulatedProducer.values(sim.sent));
    }

    @Test
    @Tag("row-112")
    void sendInACallbackFailsAtOnceWhenTheBufferIsFull() {
        SimulatedProducer sim = warm(
                new SimulatedProducer(1, config -> config.bufferMemory(16 << 10)
                        .maxRequestSize(16 << 10)
                        .batchSize(1000)),
                1);
        List<Sent> inner = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            if (call.onlyBatch().records().size() == 1) {
                call.appendAndAnswer();
            }
        });
        sim.send(TOPIC, 0, "trigger", () -> {
            for (int i = 0; i < 6; i++) {
                inner.add(sim.send(0, "x".repeat(3900)));
            }
        });
        sim.loop.advance(Duration.ofMillis(20));
        assertThat(inner).anyMatch(Sent::isDone);
        assertThat(inner.stream().filter(Sent::isDone)).allSatisfy(record -> assertThat(record.failure())
                .isInstanceOf(BufferExhaustedException.class)
                .hasMessageContaining("buffer exhausted with no wait allowed on this thread"));
    }

    /** A batch smaller than the batch size is halved, too. */
    @Test
    @Tag("T19")
    void firstSplitMakesPiecesThatAreSmaller() {
        SimulatedProducer sim = warm(new SimulatedProducer(1, config -> config.batchSize(16_384)), 1);
        sim.cluster.limitBatches(3000);
        for (int i = 0; i < 8; i++) {
            sim.send(0, "%02d".formatted(i) + "x".repeat(498));
        }
        sim.loop.advance(SECOND.multipliedBy(5));
        List<Integer> sizes = sim.cluster.produceCalls().stream()
                .skip(1)
                .map(call -> call.parts().get(0).sizeBytes())
                .toList();
        assertThat(sizes.get(0)).isBetween(3001, 16_383);
        assertThat(sizes.subList(1, sizes.size())).isNotEmpty().allMatch(size -> size <= 3000);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
    }
}
