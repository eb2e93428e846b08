package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.partitioning.RecordView;
import dev.millrace.producer.partitioning.TopicView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntBiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partitioner of the user's: what it is asked, what it may answer, and what becomes of the order. */
class CustomPartitionerScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Scripted scripted = new Scripted();
    private final SimulatedProducer sim = SimulatedProducer.with(scripted);

    private static final class Scripted implements Partitioner<Object, Object> {
        final List<String> asked = new ArrayList<>();
        ToIntBiFunction<RecordView<Object, Object>, TopicView> answer = (record, topic) -> 0;
        int closed;

        @Override
        public int partition(RecordView<Object, Object> record, TopicView topic) {
            asked.add(String.valueOf(record.value()));
            return answer.applyAsInt(record, topic);
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @ParameterizedTest
    @Tag("row-29")
    @Tag("T14")
    @ValueSource(ints = {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aPartitionThatDoesNotExistFailsTheRecord(int result) {
        learn(1, 1, 1);
        scripted.answer = (record, topic) -> result;
        Sent record = send("lost");
        sim.loop.runReady();
        assertOutOfRange(record, result);
    }

    /** 29, for a topic that is not known at first. */
    @Test
    @Tag("row-29")
    @Tag("T14")
    void aPartitionThatDoesNotExistFailsTheRecordThatWaitedAndNoOther() {
        scripted.answer = (record, topic) -> "bad".equals(record.value()) ? topic.partitionCount() : 1;
        Sent bad = send("bad");
        Sent good = send("good");
        sim.cluster.topic(TOPIC, 1, 1, 1);
        sim.loop.advance(SECOND);
        assertOutOfRange(bad, 3);
        assertThat(good.isDelivered()).isTrue();
        assertThat(sim.log(1)).containsExactly("good");
    }

    private static void assertOutOfRange(Sent record, int result) {
        ProducerException failure = record.failure();
        Fault.PARTITIONER_OUT_OF_RANGE.isToldBy(failure);
        assertThat(failure)
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("partitioner=" + Scripted.class.getName())
                .hasMessageContaining("result=" + result + " partitions=3")
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(failure.stage()).isEqualTo(Stage.PREPARE);
        assertThat(record.calls).isEqualTo(1);
    }

    @Test
    @Tag("row-29")
    void whatItThrowsIsTheCauseOfTheFailure() {
        Error thrown = new AssertionError("no idea");
        scripted.answer = (record, topic) -> {
            throw thrown;
        };
        Sent waited = send("waited");
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND);
        Sent known = send("known");
        sim.loop.runReady();
        for (Sent record : List.of(waited, known)) {
            Fault.PARTITIONER_THROWS.isToldBy(record.failure());
            assertThat(record.failure())
                    .isInstanceOf(RecordRejectedException.class)
                    .hasMessageContaining("partitioner=" + Scripted.class.getName())
                    .hasCause(thrown);
        }
        assertThat(sim.pool.usage().usedBytes()).isZero();
        CloseReport report = sim.close(SECOND);
        assertThat(report.submitted()).isEqualTo(2);
        assertThat(report.failed()).isEqualTo(2);
    }

    @Test
    void seesTheRecordAndTheTopic() {
        sim.cluster.rack(1, "east");
        learn(1, -1, 1);
        List<Object> seen = new ArrayList<>();
        scripted.answer = (record, topic) -> {
            seen.addAll(List.of(record.topic(), String.valueOf(record.key()), String.valueOf(record.value())));
            seen.addAll(List.of(text(record.keyBytes()), text(record.valueBytes())));
            seen.addAll(record.headers().asList().stream().map(Header::key).toList());
            seen.addAll(List.of(topic.topic(), topic.partitionCount(), topic.availableCount(), topic.available(1)));
            seen.addAll(List.of(topic.leader(0), topic.leader(1)));
            seen.addAll(List.of(String.valueOf(topic.leaderRack(0)), String.valueOf(topic.leaderRack(1))));
            return 2;
        };
        CompletableFuture<?> sent =
                sim.producer.send(new ProducerRecord<>(TOPIC, null, null, "key", null, Headers.of("h", "v")));
        sim.loop.advance(SECOND);
        assertThat(sent).isCompleted();
        assertThat(seen)
                .containsExactly(
                        TOPIC,
                        "key",
                        "null",
                        "key",
                        "null",
                        "h",
                        TOPIC,
                        3,
                        2,
                        2,
                        1,
                        PartitionInfo.NO_LEADER,
                        "east",
                        "null");
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : UTF_8.decode(bytes).toString();
    }

    @Test
    void isNotAskedForRecordsThatNameTheirPartition() {
        learn(1, 1);
        Sent record = sim.send(1, "explicit");
        sim.loop.advance(SECOND);
        assertThat(record.isDelivered()).isTrue();
        assertThat(scripted.asked).isEmpty();
    }

    @Test
    void isAskedOnceForEachRecordAndForThoseThatWaitedWhereUserCodeMayRun() {
        List<Boolean> inDelivery = new ArrayList<>();
        scripted.answer = (record, topic) -> {
            inDelivery.add(sim.delivery.inDelivery());
            return 0;
        };
        send("a");
        send("b");
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND);
        send("c");
        sim.loop.advance(SECOND);
        assertThat(scripted.asked).containsExactly("a", "b", "c");
        assertThat(inDelivery).containsExactly(true, true, false);
    }

    /** Whatever is sent while a partition is being chosen could go to that partition: it has to come after. */
    @Test
    void nothingOvertakesARecordThatWaitsForItsChoice() {
        scripted.answer = (record, topic) -> {
            if ("first".equals(record.value())) {
                sim.send(0, "explicit");
                send("chosen at once");
            }
            return 0;
        };
        send("first");
        send("second");
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("first", "second", "explicit", "chosen at once");
        assertThat(scripted.asked).containsExactlyInAnyOrder("first", "second", "chosen at once");
    }

    /** Real threads send while the topic becomes known at some moment: each of them finds its records in order. */
    @Test
    @Timeout(30)
    void theRecordsOfAThreadStayInOrderWhenTheTopicBecomesKnown() throws Exception {
        SimulatedProducer busy = SimulatedProducer.with((record, topic) -> 0);
        int threads = 4;
        int each = 1_000;
        CountDownLatch done = new CountDownLatch(threads);
        AtomicInteger sent = new AtomicInteger();
        for (int thread = 0; thread < threads; thread++) {
            String prefix = thread + "-";
            Thread sender = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    CompletableFuture<?> unused = busy.producer.send(new ProducerRecord<>(TOPIC, prefix + i));
                    sent.incrementAndGet();
                }
                done.countDown();
            });
            sender.start();
        }
        while (sent.get() < each) { // a quarter of all
            busy.loop.advance(Duration.ofMillis(1));
        }
        busy.cluster.topic(TOPIC, 1);
        while (done.getCount() > 0) {
            busy.loop.advance(Duration.ofMillis(1));
        }
        busy.loop.advance(SECOND.multipliedBy(5));
        List<String> log = busy.log(0);
        assertThat(log).hasSize(threads * each);
        for (int thread = 0; thread < threads; thread++) {
            String prefix = thread + "-";
            assertThat(log.stream().filter(value -> value.startsWith(prefix)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, each).mapToObj(i -> prefix + i).toList());
        }
    }

    @Test
    void aRecordForAPartitionThatDoesNotExistYetHoldsUpNoChoice() {
        learn(1);
        Sent early = sim.send(5, "early");
        Sent chosen = send("chosen");
        sim.loop.advance(SECOND);
        assertThat(chosen.isDelivered()).isTrue();
        assertThat(early.isDone()).isFalse();
    }

    @Test
    void recordsThatAreStillWaitingFailWithTheProducerAndAreNotAskedFor() {
        Sent waiting = send("waiting");
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(waiting.failure()).hasMessageContaining("producer closed");
        assertThat(report.undelivered()).hasSize(1);
        assertThat(scripted.asked).isEmpty();
        assertThat(scripted.closed).isEqualTo(1);
    }

    @Test
    void flushWaitsForRecordsThatWaitForTheirChoice() {
        send("waiting");
        sim.flush();
        sim.loop.advance(SECOND);
        assertThat(sim.flushes.get(0)).isNotDone();
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(sim.flushes.get(0)).isCompleted();
        assertThat(sim.log(0)).containsExactly("waiting");
    }

    private void learn(int... leaders) {
        sim.cluster.topic(TOPIC, leaders);
        CompletableFuture<?> known = sim.producer.partitionsFor(TOPIC);
        sim.loop.advance(SECOND);
        assertThat(known).isCompleted();
    }

    private Sent send(String value) {
        return sim.send(TOPIC, null, value, () -> {});
    }
}
