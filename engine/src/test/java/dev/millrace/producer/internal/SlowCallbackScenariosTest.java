package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks that are slower than the sends hold up the sends; they do not fill the heap. */
@Timeout(20)
class SlowCallbackScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final int BUFFER = 64 * 1024;
    private static final int RECORD = 1_000;

    private final SimulatedProducer sim = new SimulatedProducer(1, config -> config.linger(Duration.ZERO)
            .bufferMemory(BUFFER)
            .maxRequestSize(16 * 1024)
            .batchSize(8 * 1024));

    private void warm() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        sim.sent.clear();
        sim.completed.clear();
    }

    /** Sends until there is no room although the cluster has answered everything. Returns how many records that took. */
    private int fill() {
        int accepted = 0;
        CompletableFuture<?> last;
        do {
            last = sim.producer.trySend(new ProducerRecord<>(TOPIC, 0, null, "x".repeat(RECORD)));
            if (last != null) {
                accepted++;
            }
            sim.loop.advance(MILLI);
        } while (last != null && accepted < 10_000);
        return accepted;
    }

    @Test
    void whatWaitsForCallbacksIsBounded() {
        warm();
        sim.delivery.hold();
        int accepted = fill();
        assertThat(sim.log(0)).as("all of it is written").hasSize(accepted + 1);
        assertThat(accepted)
                .as("the buffer once for what waits, once for what is withheld")
                .isBetween(BUFFER / (RECORD + 200), 2 * BUFFER / RECORD);
        assertThat(sim.pool.usage().withheldBytes()).isPositive();

        CompletableFuture<Void> room = sim.producer.whenWritable();
        assertThat(room).isNotDone();
        sim.delivery.release();
        sim.loop.advance(MILLI);
        assertThat(room).isCompleted();
        assertThat(sim.pool.usage().usedBytes()).isZero();
        assertThat(sim.pool.usage().withheldBytes()).isZero();
    }

    @Test
    void fastCallbacksCostNothing() {
        warm();
        for (int i = 0; i < 500; i++) {
            assertThat(sim.producer.trySend(new ProducerRecord<>(TOPIC, 0, null, "x".repeat(RECORD))))
                    .isNotNull();
            sim.loop.advance(MILLI);
            assertThat(sim.pool.usage().withheldBytes()).isZero();
        }
    }

    /** No deadlock: it fails at once, and says whose fault it is. */
    @Test
    @Tag("row-112")
    void sendInTheSlowCallbackNamesIt() {
        warm();
        List<Throwable> inside = new ArrayList<>();
        sim.delivery.hold();
        Sent slow = sim.send(TOPIC, 0, "slow", () -> {
            CompletableFuture<?> unused = sim.producer
                    .send(new ProducerRecord<>(TOPIC, 0, null, "y".repeat(9_000)))
                    .whenComplete((metadata, failure) -> {
                        if (failure != null) {
                            inside.add(failure);
                        }
                    });
        });
        sim.loop.advance(MILLI);
        fill();
        sim.delivery.release();
        sim.loop.advance(SECOND);
        assertThat(slow.isDelivered()).isTrue();
        assertThat(inside).singleElement().satisfies(failure -> assertThat(failure)
                .isInstanceOf(BufferExhaustedException.class)
                .hasMessageContaining("with no wait allowed on this thread (callbacks run on it)")
                .hasMessageContaining("callbacks are slower than this producer")
                .hasMessageContaining("running=" + Sent.class.getName())
                .hasMessageContaining("use trySend and whenWritable")
                .satisfies(Fault.BUFFER_EXHAUSTED_BY_SLOW_CALLBACKS::isToldBy));
    }

    @Test
    @Tag("row-111")
    void closeEndsEverythingOnceTheCallbackReturns() {
        warm();
        sim.delivery.hold();
        int accepted = fill();
        sim.loop.schedule(SECOND.toNanos(), sim.delivery::release);
        CloseReport report = sim.close(SECOND.multipliedBy(5), Duration.ofNanos(100_000));
        assertThat(report).isEqualTo(new CloseReport(accepted + 1, accepted + 1, 0, List.of()));
    }

    /** Refused ones need no memory of the buffer; they count all the same. */
    @Test
    void refusedRecordsCountToo() {
        warm();
        sim.delivery.hold();
        for (int i = 0; i < BUFFER / 50; i++) {
            sim.send(0, "z".repeat(20_000));
        }
        assertThat(sim.pool.usage().withheldBytes()).isGreaterThanOrEqualTo(BUFFER / 2);
        sim.delivery.release();
        sim.loop.advance(MILLI);
        assertThat(sim.pool.usage().usedBytes()).isZero();
        assertThat(sim.completed).isEqualTo(sim.sent);
    }
}
