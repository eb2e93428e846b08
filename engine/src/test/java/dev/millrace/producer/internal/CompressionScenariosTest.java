package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.compression.FailingCodec;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to batches between their drain and their request while compression takes its time. */
class CompressionScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int GZIP = Compression.GZIP.id();

    private final Random random = new Random(7);

    private static SimulatedProducer warm(UnaryOperator<ProducerConfig.Builder> settings, int... leaders) {
        return warm(new SimulatedProducer(1, config -> settings.apply(config.compression(Compression.GZIP))), leaders);
    }

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

    private String noise(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + random.nextInt('~' - ' ')));
        }
        return text.toString();
    }

    private static List<ProduceCall.Part> partsAfter(SimulatedProducer sim, int calls) {
        return sim.cluster.produceCalls().stream()
                .skip(calls)
                .flatMap(call -> call.parts().stream())
                .toList();
    }

    private static void assertNothingHeld(SimulatedProducer sim) {
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void batchOfSmallCostIsCompressedOnTheLoop() {
        SimulatedProducer sim = warm(config -> config.linger(Duration.ZERO), 1);
        sim.send(0, "x".repeat(1_000));
        sim.loop.runReady();
        assertThat(sim.compression.tasks()).isZero();
        ProduceCall.Part part = partsAfter(sim, 1).get(0);
        assertThat(part.batch().header().compressionId()).isEqualTo(GZIP);
        assertThat(part.sizeBytes()).isLessThan(200);
        assertThat(sim.log(0)).endsWith("x".repeat(1_000));
        assertNothingHeld(sim);
    }

    @Test
    void batchThatDoesNotShrinkTravelsAsItIs() {
        SimulatedProducer sim = warm(config -> config.linger(Duration.ZERO), 1);
        sim.send(0, "ab");
        sim.loop.runReady();
        assertThat(partsAfter(sim, 1).get(0).batch().header().compressionId()).isZero();
        assertNothingHeld(sim);
    }

    @Test
    void otherPartitionsGoOnWhileALargeBatchIsCompressed() {
        SimulatedProducer sim = warm(config -> config.linger(Duration.ZERO), 1, 1);
        sim.compression.takes(() -> Duration.ofMillis(80));
        Sent large = sim.send(0, "x".repeat(100_000));
        Sent small = sim.send(1, "small");
        sim.loop.advance(Duration.ofMillis(79));
        assertThat(sim.compression.tasks()).isOne();
        assertThat(small.isDelivered()).isTrue();
        assertThat(large.isDone()).isFalse();
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(large.isDelivered()).isTrue();
        assertNothingHeld(sim);
    }

    /** Later batches are ready first and wait. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void orderIsThatOfTheSendsHoweverLongEachTakes(boolean idempotence) {
        SimulatedProducer sim = warm(
                config -> config.linger(Duration.ZERO)
                        .idempotence(idempotence)
                        .maxInFlight(5)
                        .batchSize(4_000)
                        .maxRequestSize(10_000),
                1);
        Queue<Integer> millis = new ArrayDeque<>(List.of(90, 10, 50, 1));
        sim.compression.takes(() -> Duration.ofMillis(millis.isEmpty() ? 5 : millis.remove()));
        for (int i = 0; i < 40; i++) {
            sim.send(0, i + "." + noise(1_500));
        }
        sim.loop.advance(Duration.ofMillis(20));
        assertThat(sim.compression.tasks()).as("several at once").isGreaterThan(2);
        sim.loop.advance(SECOND);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0).subList(1, 41)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertNothingHeld(sim);
    }

    @Test
    void recordsExpireWhileTheirBatchIsBeingCompressed() {
        SimulatedProducer sim = warm(
                config -> config.linger(Duration.ZERO).requestTimeout(SECOND).deliveryTimeout(SECOND.multipliedBy(2)),
                1);
        sim.compression.takes(() -> Duration.ofSeconds(10));
        Sent late = sim.send(0, "x".repeat(100_000));
        sim.loop.advance(SECOND.multipliedBy(3));
        assertThat(late.failure()).isInstanceOf(DeliveryTimeoutException.class);
        assertThat(late.failure().mayHaveBeenWritten()).isFalse();
        assertThat(sim.pool.usage().usedBytes()).as("still being read").isPositive();
        sim.compression.takes(() -> Duration.ZERO);
        sim.loop.advance(SECOND.multipliedBy(8));
        assertNothingHeld(sim);
        Sent next = sim.send(0, "y".repeat(100_000));
        sim.loop.advance(SECOND);
        assertThat(next.isDelivered()).isTrue();
        assertThat(sim.log(0)).hasSize(2);
        assertNothingHeld(sim);
    }

    /** It was compressed ahead of its turn, which never comes. */
    @Test
    void recordsExpireInABatchThatIsReady() {
        SimulatedProducer sim = warm(
                config -> config.linger(Duration.ZERO)
                        .batchSize(4_000)
                        .maxRequestSize(10_000)
                        .requestTimeout(SECOND)
                        .deliveryTimeout(SECOND.multipliedBy(2)),
                1);
        sim.cluster.broker(1).goDown();
        for (int i = 0; i < 20; i++) {
            sim.send(0, i + "." + noise(1_500));
        }
        sim.loop.advance(SECOND);
        assertThat(sim.compression.tasks()).isPositive();
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(sim.completed).isEqualTo(sim.sent);
        assertThat(sim.sent)
                .allSatisfy(record -> assertThat(record.failure()).isInstanceOf(DeliveryTimeoutException.class));
        assertNothingHeld(sim);
    }

    @Test
    void closeReportsWhatIsBeingCompressed() {
        SimulatedProducer sim =
                warm(config -> config.linger(Duration.ZERO).batchSize(4_000).maxRequestSize(10_000), 1);
        sim.compression.takes(() -> SECOND);
        for (int i = 0; i < 30; i++) {
            sim.send(0, i + "." + noise(1_500));
        }
        sim.loop.runReady();
        assertThat(sim.compression.tasks()).isGreaterThan(1);
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(report.undelivered()).hasSize(30);
        assertThat(sim.completed).isEqualTo(sim.sent);
        assertThat(sim.sent)
                .allSatisfy(record -> assertThat(record.failure()).isInstanceOf(ProducerClosedException.class));
        assertThat(sim.pool.usage().usedBytes()).as("still being read").isPositive();
        sim.loop.advance(SECOND);
        assertNothingHeld(sim);
        assertThat(sim.log(0)).hasSize(1);
    }

    @Test
    void closeReportsWhatIsReadyAndCompressed() {
        SimulatedProducer sim =
                warm(config -> config.linger(Duration.ZERO).batchSize(4_000).maxRequestSize(10_000), 1);
        sim.cluster.broker(1).goDown();
        for (int i = 0; i < 30; i++) {
            sim.send(0, i + "." + "z".repeat(1_500));
        }
        sim.loop.advance(SECOND);
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(report.undelivered().stream()
                        .map(record -> new String(record.value(), java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(SimulatedProducer.values(sim.sent));
        assertNothingHeld(sim);
    }

    @Test
    void flushAndCloseWaitForCompression() {
        SimulatedProducer sim = warm(config -> config, 1);
        sim.compression.takes(() -> Duration.ofMillis(300));
        Sent large = sim.send(0, "x".repeat(100_000));
        CompletableFuture<Void> flushed = sim.producer.flushAsync();
        sim.loop.advance(Duration.ofMillis(299));
        assertThat(flushed).isNotDone();
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(flushed).isDone();
        assertThat(large.isDelivered()).isTrue();
        sim.send(0, "x".repeat(100_000));
        CloseReport report = sim.close(SECOND.multipliedBy(30), Duration.ofMillis(50));
        assertThat(report.isComplete()).isTrue();
        assertThat(sim.log(0)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void codecThatThrowsCostsNothingButTheCompression(boolean isError) {
        Throwable failure = isError ? new UnsatisfiedLinkError("gone") : new IllegalStateException("broken");
        SimulatedProducer sim = warm(
                new SimulatedProducer(
                        1,
                        config -> config.compression(Compression.GZIP).maxRequestSize(10_000),
                        new Codecs((type, level) -> new FailingCodec(failure))),
                1);
        for (int i = 0; i < 20; i++) {
            sim.send(0, i + "." + "x".repeat(1_500));
        }
        sim.loop.advance(SECOND);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(partsAfter(sim, 0)).allMatch(part -> part.batch().header().compressionId() == 0);
        assertNothingHeld(sim);
    }

    /** 52, with batches of which the broker sees the compressed size. */
    @Test
    @Tag("row-52")
    void compressedBatchLargerThanTheBrokerTakesIsSplitUntilItFits() {
        SimulatedProducer sim = warm(config -> config, 1);
        sim.compression.takes(() -> Duration.ofMillis(3));
        sim.cluster.limitBatches(3_000);
        for (int i = 0; i < 24; i++) {
            sim.send(0, i + "." + noise(500) + "x".repeat(500));
        }
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0).subList(1, 25)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertThat(sim.cluster.log(TOPIC, 0).batches().stream().skip(1))
                .allMatch(header -> header.compressionId() == GZIP)
                .hasSizeLessThan(20);
        assertContiguous(sim.cluster.log(TOPIC, 0).batches());
        assertNothingHeld(sim);
        int afterSplitting = sim.cluster.produceCalls().size();
        for (int i = 0; i < 24; i++) {
            sim.send(0, noise(500) + "x".repeat(500));
        }
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(partsAfter(sim, afterSplitting))
                .as("what comes later is not too large again")
                .allMatch(part -> part.sizeBytes() <= 3_000);
        assertNothingHeld(sim);
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

    @Test
    void recordsExpireWhileTheirBatchIsBeingSplit() {
        SimulatedProducer sim =
                warm(config -> config.requestTimeout(SECOND).deliveryTimeout(SECOND.multipliedBy(2)), 1);
        sim.cluster.limitBatches(3_000);
        Queue<Duration> times = new ArrayDeque<>(List.of(Duration.ZERO, SECOND.multipliedBy(10)));
        sim.compression.takes(() -> times.isEmpty() ? Duration.ZERO : times.remove());
        for (int i = 0; i < 12; i++) {
            sim.send(0, i + "." + noise(1_000));
        }
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(sim.sent).allSatisfy(record -> {
            assertThat(record.failure()).isInstanceOf(DeliveryTimeoutException.class);
            assertThat(record.failure().mayHaveBeenWritten()).isFalse();
        });
        assertThat(sim.pool.usage().usedBytes()).as("still being read").isPositive();
        sim.loop.advance(SECOND.multipliedBy(6));
        assertNothingHeld(sim);
        Sent next = sim.send(0, "next");
        sim.loop.advance(SECOND);
        assertThat(next.isDelivered()).isTrue();
    }

    @Test
    void closeReportsWhatIsBeingSplit() {
        SimulatedProducer sim = warm(config -> config, 1);
        sim.cluster.limitBatches(3_000);
        Queue<Duration> times = new ArrayDeque<>(List.of(Duration.ZERO, SECOND.multipliedBy(10)));
        sim.compression.takes(() -> times.isEmpty() ? Duration.ZERO : times.remove());
        for (int i = 0; i < 12; i++) {
            sim.send(0, i + "." + noise(1_000));
        }
        sim.loop.advance(SECOND);
        assertThat(sim.compression.tasks()).isEqualTo(2);
        assertThat(sim.close(Duration.ZERO).undelivered()).hasSize(12);
        sim.loop.advance(SECOND.multipliedBy(10));
        assertNothingHeld(sim);
        assertThat(sim.completed).isEqualTo(sim.sent);
    }

    /** 53. */
    @Test
    @Tag("row-53")
    void dataThatSuddenlyCompressesWorseNeverBecomesALargerRequestThanAllowed() {
        int limit = 20_000;
        SimulatedProducer sim = warm(config -> config.maxRequestSize(limit).bufferMemory(4 << 20), 1);
        sim.cluster.limitBatches(limit);
        for (int i = 0; i < 2_000; i++) {
            sim.send(0, i + "." + "x".repeat(800));
            if (i % 100 == 0) {
                sim.loop.advance(Duration.ofMillis(20));
            }
        }
        sim.loop.advance(SECOND);
        assertThat(partsAfter(sim, 1))
                .as("more than a plain request would carry")
                .anyMatch(part -> part.batch().records().size() > limit / 800);
        for (int i = 0; i < 1_000; i++) {
            sim.send(0, i + "." + noise(800));
        }
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(partsAfter(sim, 0)).allMatch(part -> part.sizeBytes() <= limit);
        assertThat(sim.log(0).subList(1, 3_001)).isEqualTo(SimulatedProducer.values(sim.sent));
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .hasSize(sim.cluster.produceCalls().size()); // no batch was bounced
        assertNothingHeld(sim);
    }
}
