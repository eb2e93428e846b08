package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records for topics that are not known, not there, or not for us. */
class TopicScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MAX_BLOCK = Duration.ofSeconds(3);

    private final SimulatedProducer sim = new SimulatedProducer(1, config -> config.maxBlock(MAX_BLOCK));

    @Test
    @Tag("row-17")
    void topicThatIsStillBeingMadeDelaysTheRecordAndNothingElse() {
        sim.cluster.topicError(TOPIC, ErrorCode.LEADER_NOT_AVAILABLE);
        sim.send(TOPIC, null, "first", () -> {});
        sim.send(TOPIC, null, "second", () -> {});
        sim.loop.advance(Duration.ofMillis(500));
        assertThat(sim.sent).noneMatch(Sent::isDone);
        sim.cluster.topicError(TOPIC, ErrorCode.NONE);
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(SECOND);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("first", "second");
    }

    /** Auto-creation is off. */
    @Test
    @Tag("row-16")
    void topicThatDoesNotExistFailsTheRecordAfterMaxBlock() {
        Sent record = sim.send(TOPIC, null, "lost", () -> {});
        sim.loop.advance(MAX_BLOCK.minusMillis(1));
        assertThat(record.isDone()).isFalse();
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("topic not available within 3000 ms")
                .hasMessageContaining("topic 'orders' does not exist (UNKNOWN_TOPIC_OR_PARTITION")
                .hasMessageContaining("limit app.producer.max-block")
                .hasMessageContaining("auto.create.topics.enable");
        assertThat(record.failure().stage()).isEqualTo(Stage.METADATA);
        assertThat(record.failure().errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void clusterThatCannotBeReachedFailsTheRecordAfterMaxBlock() {
        sim.cluster.broker(1).goDown();
        Sent record = sim.send(TOPIC, null, "lost", () -> {});
        sim.loop.advance(MAX_BLOCK);
        assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("nothing listens at b1:9092 (connection refused)")
                .hasMessageContaining("limit app.producer.max-block")
                .hasMessageContaining("app.producer.bootstrap-servers");
        sim.cluster.broker(1).comeUp();
        sim.cluster.topic(TOPIC, 1);
        Sent next = sim.send(0, "next");
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(next.isDelivered()).isTrue();
    }

    /** With error 29: fails as soon as the cluster has answered, and recovers by itself. */
    @Test
    @Tag("row-18")
    void topicWithoutPermissionFailsAtOnceUntilItIsGranted() {
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.topicError(TOPIC, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        Sent record = sim.send(0, "forbidden");
        sim.loop.advance(Duration.ofMillis(100));
        assertRefused(record, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(record.failure())
                .hasMessageContaining("grant this client's principal WRITE on topic " + TOPIC)
                .isInstanceOfSatisfying(AuthorizationException.class, refused -> assertThat(refused.missing())
                        .isEqualTo(Permission.toWrite(TOPIC)));
        sim.cluster.topicError(TOPIC, ErrorCode.NONE);
        sim.send(0, "asks again");
        sim.loop.advance(SECOND.multipliedBy(2));
        Sent allowed = sim.send(0, "allowed");
        sim.loop.advance(SECOND);
        assertThat(allowed.isDelivered()).isTrue();
    }

    /** With error 17: known from then on, no further request. */
    @Test
    @Tag("row-18")
    void invalidTopicFailsAtOnce() {
        sim.cluster.topicError("bad name", ErrorCode.INVALID_TOPIC_EXCEPTION);
        Sent record = sim.send("bad name", null, "first", () -> {});
        sim.loop.advance(Duration.ofMillis(100));
        assertRefused(record, ErrorCode.INVALID_TOPIC_EXCEPTION);
        Sent again = sim.send("bad name", null, "second", () -> {});
        sim.loop.runReady();
        assertRefused(again, ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    private static void assertRefused(Sent record, ErrorCode error) {
        ProducerException failure = record.failure();
        assertThat(failure)
                .isInstanceOfAny(RecordRejectedException.class, AuthorizationException.class)
                .hasMessageContaining(error.toString());
        assertThat(failure.errorCode()).isEqualTo(error);
    }

    @Test
    @Tag("row-19")
    void partitionThatIsAddedInTimeGetsTheRecordsThatWaitForIt() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "known");
        Sent early = sim.send(1, "early");
        sim.loop.advance(SECOND);
        assertThat(early.isDone()).isFalse();
        sim.cluster.topic(TOPIC, 1, 1);
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(early.isDelivered()).isTrue();
        assertThat(sim.log(1)).containsExactly("early");
    }

    @Test
    void partitionOutOfRangeFailsAfterMaxBlockAndHoldsUpNobody() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        Sent outside = sim.send(7, "outside");
        Sent inside = sim.send(0, "inside");
        sim.loop.advance(SECOND);
        assertThat(inside.isDelivered()).isTrue();
        assertThat(outside.isDone()).isFalse();
        sim.loop.advance(MAX_BLOCK);
        assertThat(outside.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("partition=7 partitions=1")
                .hasMessageContaining("limit app.producer.max-block")
                .hasMessageContaining("choose a partition from 0 to 0");
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    /** Waiting is a use: a topic must not be given up while records wait for it. */
    @Test
    void recordsThatWaitLongKeepTheirTopic() {
        SimulatedProducer patient = new SimulatedProducer(
                1, config -> config.maxBlock(Duration.ofMinutes(2)).metadataMaxIdle(Duration.ofSeconds(5)));
        Sent waiting = patient.send(0, "waiting");
        patient.loop.advance(Duration.ofMinutes(1));
        patient.cluster.topic(TOPIC, 1);
        patient.loop.advance(SECOND.multipliedBy(5));
        assertThat(waiting.isDelivered()).isTrue();
    }

    @Test
    void recordsInTheQueueKeepTheirTopic() {
        SimulatedProducer patient = new SimulatedProducer(
                1, config -> config.deliveryTimeout(Duration.ofMinutes(5)).metadataMaxIdle(Duration.ofSeconds(5)));
        patient.cluster.topic(TOPIC, 1);
        patient.sendAlone(0, "first");
        patient.loop.advance(SECOND);
        patient.cluster.moveLeader(TOPIC, 0, -1);
        patient.cluster.failNext(TOPIC, 0, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        Sent queued = patient.send(0, "queued");
        patient.loop.advance(Duration.ofMinutes(1));
        patient.cluster.moveLeader(TOPIC, 0, 1);
        patient.loop.advance(SECOND.multipliedBy(5));
        assertThat(queued.isDelivered()).isTrue();
        assertThat(List.of(queued.calls)).containsExactly(1);
    }

    /** What was wrong before the cluster answered is not told to those who come later. */
    @Test
    @Tag("T16")
    void problemThatIsOverIsToldToNobody() {
        sim.cluster.broker(1).goDown();
        Sent early = sim.send(TOPIC, null, "early", () -> {});
        sim.loop.advance(MAX_BLOCK);
        assertThat(early.failure()).hasMessageContaining("nothing listens at b1:9092");
        sim.cluster.broker(1).comeUp();
        sim.cluster.topic("known", 1);
        sim.send("known", null, "answered", () -> {});
        sim.loop.advance(SECOND.multipliedBy(2));
        Sent late = sim.send(TOPIC, null, "late", () -> {});
        sim.loop.advance(MAX_BLOCK);
        assertThat(late.failure())
                .hasMessageContaining("topic 'orders' does not exist")
                .hasMessageNotContaining("nothing listens");
    }
}
