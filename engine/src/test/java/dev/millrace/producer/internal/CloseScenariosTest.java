package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.partitioning.RecordView;
import dev.millrace.producer.partitioning.TopicView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a producer, and user code that calls it from where it hears of outcomes. */
@Timeout(20)
class CloseScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final SimulatedProducer sim = new SimulatedProducer(
            1, config -> config.linger(Duration.ofSeconds(10)).batchSize(300));

    private void warm() {
        sim.cluster.topic(TOPIC, 1, 1);
        sim.send(0, "warm");
        sim.flush();
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        sim.sent.clear();
        sim.completed.clear();
    }

    private static List<String> valuesOf(CloseReport report) {
        return report.undelivered().stream()
                .map(record -> new String(Objects.requireNonNull(record.value()), UTF_8))
                .toList();
    }

    @Test
    @Tag("row-111")
    void closeDeliversWhatIsQueuedWithoutLingering() {
        warm();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.NOT_ENOUGH_REPLICAS);
        sim.send(0, "a");
        sim.send(1, "b");
        CloseReport report = sim.close(Duration.ofSeconds(10), Duration.ofNanos(1000));
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(report).isEqualTo(new CloseReport(3, 3, 0, List.of()));
        assertThat(sim.released).isTrue();
        assertThat(sim.pool.usage().usedBytes()).isZero();
        assertThat(sim.cluster.broker(1).connections())
                .as("that of the metadata")
                .isOne();
        assertThatThrownBy(() -> sim.send(0, "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("producer is closed");
    }

    /** In flight, to be sent again, queued, waiting for the topic; per partition in the order of the sends. */
    @Test
    @Tag("row-111")
    @Tag("T4")
    void closeWithoutTimeReportsAllUndeliveredRecordsInOrder() {
        warm();
        sim.cluster.onProduce(call -> {});
        for (int i = 0; i < 12; i++) {
            sim.send(0, "x%02d".formatted(i) + "x".repeat(100));
            if (i < 9) {
                sim.loop.runReady();
            }
        }
        sim.send("unknown", null, "homeless", () -> {});
        CloseReport report = sim.close(Duration.ZERO);
        List<Sent> ended = new ArrayList<>(sim.completed);
        assertThat(ended).isEqualTo(sim.sent);
        assertThat(valuesOf(report)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertThat(sim.sent)
                .allSatisfy(record -> assertThat(record.failure()).isInstanceOf(ProducerClosedException.class));
        assertThat(sim.sent.get(0).failure().mayHaveBeenWritten()).isTrue();
        assertThat(sim.sent.get(11).failure().mayHaveBeenWritten()).isFalse();
        assertThat(report.submitted()).isEqualTo(14);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(13);
        assertThat(report.undelivered())
                .extracting(UndeliveredRecord::topic)
                .last()
                .isEqualTo("unknown");
        sim.loop.advance(SECOND);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    /** Their checksums are missing until they are sent. */
    @Test
    void closeReportsThePiecesOfASplitBatch() {
        warm();
        sim.cluster.limitBatches(200);
        sim.cluster.onProduce(call -> {
            call.appendAndAnswer();
            sim.cluster.broker(1).goDown();
        });
        sim.send(0, "a".repeat(100));
        sim.send(0, "b".repeat(100));
        sim.send(0, "c".repeat(100));
        sim.loop.advance(SECOND);
        assertThat(sim.sent).noneMatch(Sent::isDone);
        assertThat(valuesOf(sim.close(Duration.ZERO))).isEqualTo(SimulatedProducer.values(sim.sent));
        sim.loop.advance(SECOND);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    /** What was accepted but not yet looked at by the loop ends too. */
    @Test
    void closeRightAfterTheSendEndsTheRecord() {
        warm();
        Sent record = sim.send(0, "last");
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(record.calls).isOne();
        assertThat(report.submitted()).isEqualTo(2);
        assertThat(report.delivered() + report.failed()).isEqualTo(2);
    }

    @Test
    void closeWithoutTimeAfterNothingWasSentIsEmpty() {
        assertThat(sim.close(Duration.ZERO)).isEqualTo(new CloseReport(0, 0, 0, List.of()));
    }

    @Test
    @Tag("row-111")
    void secondCloseReturnsTheSameReport() {
        warm();
        CloseReport first = sim.close(SECOND, MILLI);
        assertThat(sim.close(Duration.ZERO)).isSameAs(first);
    }

    @Test
    @Tag("row-111")
    void closeInACallbackDoesNotWaitForItself() {
        warm();
        List<CloseReport> inside = new ArrayList<>();
        sim.send(TOPIC, 0, "closes", () -> inside.add(sim.producer.close(Duration.ofSeconds(5))));
        Sent other = sim.send(1, "other");
        sim.flush();
        while (!sim.released) {
            sim.loop.advance(Duration.ofNanos(1000));
            Thread.onSpinWait();
        }
        assertThat(inside).hasSize(1);
        assertThat(other.isDelivered()).isTrue();
        assertThat(sim.close(Duration.ZERO).submitted()).isEqualTo(3);
    }

    @Test
    void plugInThatFailsToCloseHoldsNothingBack() {
        List<String> closed = new ArrayList<>();
        Partitioner<String, String> broken = new Partitioner<>() {
            @Override
            public int partition(RecordView<String, String> record, TopicView topic) {
                return 0;
            }

            @Override
            public void close() {
                closed.add("partitioner");
                throw new AssertionError("cannot close");
            }
        };
        SimulatedProducer other = SimulatedProducer.with(broken);
        other.cluster.topic(TOPIC, 1);

        CloseReport report = other.close(SECOND);

        assertThat(report.submitted()).isZero();
        assertThat(closed).containsExactly("partitioner");
        assertThat(other.released).isTrue();
    }

    @Test
    void negativeTimeoutIsRefused() {
        assertThatThrownBy(() -> sim.producer.close(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(sim.released).isFalse();
    }

    @Test
    @Tag("row-49")
    @Tag("row-112")
    void flushInACallbackDoesNotWaitForItself() {
        warm();
        List<Sent> inner = new ArrayList<>();
        sim.send(TOPIC, 0, "outer", () -> {
            inner.add(sim.send(1, "inner"));
            sim.producer.flush();
        });
        sim.flush();
        sim.loop.advance(MILLI);
        assertThat(inner).allMatch(Sent::isDelivered).hasSize(1);
    }

    @Test
    @Tag("row-112")
    void callbackThatThrowsStopsNoOther() {
        warm();
        Runnable fails = () -> {
            throw new StackOverflowError("of the user");
        };
        sim.send(TOPIC, 0, "a", fails);
        sim.send(TOPIC, 0, "b", () -> {
            throw new IllegalArgumentException("of the user");
        });
        sim.send(0, "c");
        CompletableFuture<Void> flushed = sim.producer.flushAsync();
        sim.loop.advance(SECOND);
        assertThat(flushed).isDone();
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.sent).allMatch(record -> record.future != null && record.future.isDone());
    }

    /** The batch is the oldest one's, which the user has cancelled. */
    @Test
    void cancelledFutureChangesNothing() {
        warm();
        Sent cancelled = sim.send(0, "cancelled");
        assertThat(Objects.requireNonNull(cancelled.future).cancel(true)).isTrue();
        CloseReport report = sim.close(SECOND, Duration.ofNanos(1000));
        assertThat(cancelled.isDelivered()).isTrue();
        assertThat(report.delivered()).isEqualTo(2);
    }
}
