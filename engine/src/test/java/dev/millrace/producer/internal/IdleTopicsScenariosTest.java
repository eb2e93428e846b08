package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of topics nobody has sent to for a while: nothing, and their next records go as if they were the first. */
class IdleTopicsScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MAX_IDLE = Duration.ofSeconds(10);
    private static final Duration LONG_ENOUGH = MAX_IDLE.multipliedBy(2);
    private static final Duration MAX_BLOCK = Duration.ofSeconds(60);
    private static final int WAVES = Integer.getInteger("millrace.waves", 20);
    private static final int TOPICS_OF_A_WAVE = 500;
    private static final int GC_ATTEMPTS = 5;

    private @Nullable RecordAccumulator accumulator;
    private final SimulatedProducer sim = SimulatedProducer.withSenderParts(
            1,
            config -> config.linger(Duration.ZERO)
                    .metadataMaxIdle(MAX_IDLE)
                    .deliveryTimeout(MAX_BLOCK)
                    .maxBlock(MAX_BLOCK),
            noJitter(),
            (network, parts) -> {
                accumulator = parts.accumulator();
                return parts;
            });

    private RecordAccumulator accumulator() {
        return Objects.requireNonNull(accumulator);
    }

    private List<String> topics() {
        List<String> names = new ArrayList<>();
        accumulator().topics().forEach(topic -> names.add(topic.topic()));
        return names;
    }

    private List<Tuple> stamps() {
        List<Tuple> stamps = new ArrayList<>();
        for (RecordBatchHeader batch : sim.cluster.log(TOPIC, 0).batches()) {
            stamps.add(Tuple.tuple(batch.producerId(), batch.producerEpoch(), batch.baseSequence()));
        }
        return stamps;
    }

    @Test
    @Tag("row-54")
    void topicsThatLiveShortlyLeaveNothingBehind() {
        List<WeakReference<?>> remains = new ArrayList<>();
        int most = 0;
        for (int wave = 0; wave < WAVES; wave++) {
            for (int i = 0; i < TOPICS_OF_A_WAVE; i++) {
                String topic = "short-lived-" + wave + "-" + i;
                sim.cluster.topic(topic, 1);
                sim.send(topic, 0, "only", () -> {});
            }
            sim.loop.advance(MAX_IDLE);
            TopicQueues queues = accumulator().topic("short-lived-" + wave + "-0");
            remains.add(new WeakReference<>(queues));
            remains.add(new WeakReference<>(queues.queue(0)));
            most = Math.max(most, topics().size());
        }
        assertThat(sim.sent).hasSize(WAVES * TOPICS_OF_A_WAVE).allMatch(Sent::isDelivered);
        assertThat(most).isLessThanOrEqualTo(3 * TOPICS_OF_A_WAVE);
        sim.loop.advance(LONG_ENOUGH);
        assertThat(topics()).isEmpty();
        sim.loop.advance(MAX_BLOCK); // until then a timer of the records that waited for their topic holds its queues
        for (int i = 0; i < GC_ATTEMPTS && remains.stream().anyMatch(each -> each.get() != null); i++) {
            System.gc();
        }
        assertThat(remains).as("queues somebody still holds").noneMatch(each -> each.get() != null);
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(report).isEqualTo(new CloseReport(sim.sent.size(), sim.sent.size(), 0, List.of()));
    }

    @Test
    @Tag("row-54")
    void topicsThatDoNotExistLeaveNothingBehind() {
        for (int i = 0; i < TOPICS_OF_A_WAVE; i++) {
            sim.send("nowhere-" + i, null, "homeless", () -> {});
        }
        sim.loop.advance(Duration.ofSeconds(61));
        assertThat(sim.sent).noneMatch(Sent::isDelivered).allMatch(Sent::isDone);
        sim.loop.advance(LONG_ENOUGH);
        assertThat(topics()).isEmpty();
        assertThat(sim.close(Duration.ZERO).failed()).isEqualTo(TOPICS_OF_A_WAVE);
    }

    @Test
    void partitionThatIsUsedAgainStartsInAnEpochTheBrokerHasNotSeen() {
        sim.cluster.topic(TOPIC, 1);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 2; i++) {
                sim.sendAlone(0, "r" + round + i);
                sim.loop.advance(SECOND);
            }
            sim.loop.advance(LONG_ENOUGH);
            assertThat(topics()).isEmpty();
        }
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).isEqualTo(SimulatedProducer.values(sim.sent));
        long id = sim.cluster.log(TOPIC, 0).batches().get(0).producerId();
        assertThat(stamps())
                .containsExactly(
                        Tuple.tuple(id, (short) 0, 0),
                        Tuple.tuple(id, (short) 0, 1),
                        Tuple.tuple(id, (short) 1, 0),
                        Tuple.tuple(id, (short) 1, 1),
                        Tuple.tuple(id, (short) 2, 0),
                        Tuple.tuple(id, (short) 2, 1));
    }

    /** A partition the producer has never used begins in the later epoch as well; a broker takes that. */
    @Test
    void otherPartitionsBeginInTheLaterEpoch() {
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.topic("other", 1);
        sim.sendAlone(0, "before");
        sim.loop.advance(LONG_ENOUGH);
        Sent other = sim.send("other", 0, "first", () -> {});
        sim.loop.advance(SECOND);
        assertThat(other.isDelivered()).isTrue();
        assertThat(sim.cluster.log("other", 0).batches())
                .extracting(RecordBatchHeader::producerEpoch)
                .containsExactly((short) 1);
    }

    @Test
    @Tag("row-84")
    void partitionThatWasForgottenInTheLastEpochGetsAnotherProducerId() {
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.firstEpoch(Short.MAX_VALUE);
        sim.sendAlone(0, "last epoch");
        sim.loop.advance(LONG_ENOUGH);
        assertThat(topics()).isEmpty();
        sim.sendAlone(0, "other id");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .extracting(RecordBatchHeader::producerEpoch)
                .containsExactly(Short.MAX_VALUE, (short) 0);
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .extracting(RecordBatchHeader::producerId)
                .doesNotHaveDuplicates();
    }

    /** The lost batch may reach the log late: only before the later epoch does, never after it. */
    @Test
    void batchOfAForgottenPartitionThatArrivesLateIsRefused() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        List<ProduceCall> lost = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            lost.add(call);
            call.request().closeConnection();
        });
        Sent gone = sim.sendAlone(0, "gone");
        sim.loop.advance(Duration.ofSeconds(61));
        assertThat(gone.failure().mayHaveBeenWritten()).isTrue();
        sim.loop.advance(LONG_ENOUGH);
        assertThat(topics()).isEmpty();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        Sent after = sim.sendAlone(0, "after");
        sim.loop.advance(SECOND);
        assertThat(after.isDelivered()).isTrue();
        assertThat(lost.get(0).append().get(0).error()).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(sim.log(0)).containsExactly("warm", "after");
    }

    @Test
    void topicWithSomethingUnderWayStays() {
        sim.cluster.topic(TOPIC, 1, 1);
        sim.sendAlone(0, "warm");
        sim.sendAlone(1, "warm");
        sim.loop.advance(SECOND);
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS));
        Sent retried = sim.sendAlone(0, "retried");
        sim.loop.advance(Duration.ofSeconds(50));
        assertThat(topics()).containsExactly(TOPIC);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(retried.isDelivered()).isTrue();
        assertThat(stamps()).extracting(stamp -> stamp.toList().get(2)).containsExactly(0, 1);
    }

    @Test
    void recordThatWaitsForItsTopicKeepsIt() {
        Sent waiting = sim.send(TOPIC, null, "waits", () -> {});
        sim.loop.advance(Duration.ofSeconds(50));
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(Duration.ofSeconds(5));
        assertThat(waiting.isDelivered()).isTrue();
    }

    @Test
    void topicInUseIsNotForgotten() {
        sim.cluster.topic(TOPIC, 1);
        for (int i = 0; i < 20; i++) {
            sim.sendAlone(0, "r" + i);
            sim.loop.advance(MAX_IDLE.dividedBy(2));
        }
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(stamps())
                .extracting(stamp -> stamp.toList().get(2))
                .isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void closeEndsTheRounds() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "a");
        sim.loop.advance(SECOND);
        sim.close(Duration.ZERO);
        sim.loop.advance(LONG_ENOUGH);
        assertThat(topics()).containsExactly(TOPIC);
    }
}
