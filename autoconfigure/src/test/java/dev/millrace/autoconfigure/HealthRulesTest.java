package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.PipelineSnapshot.WaitingTopic;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.spring.inspection.OpenProducer.Failure;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class HealthRulesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final HealthRules rules = new HealthRules(new HealthLimits(600 * SECOND, 60 * SECOND, 0.95));

    // What a test does not say is a producer that sends.
    private long pending;
    private long submitted = 5;
    private long metadataAgeNanos = SECOND;
    private @Nullable String metadataProblem;
    private List<WaitingTopic> waiting = List.of();
    private List<PartitionSnapshot> partitions = List.of();
    private List<NodeSnapshot> nodes = List.of(node("READY", null));
    private @Nullable Failure failure;
    private boolean isFull;

    @Test
    void isUpIfItSendsOrHasNothingToDo() {
        assertJudged(Status.UP, null);
        pending = 3;
        assertJudged(Status.UP, null);
        pending = 0;
        nodes = List.of(node("IDLE", null));
        metadataAgeNanos = 5000 * SECOND;
        assertJudged(Status.UP, null);
    }

    @Test
    void isUnknownBeforeItIsUsed() {
        submitted = 0;
        metadataAgeNanos = -1;
        nodes = List.of();
        assertJudged(Status.UNKNOWN, "nothing was sent yet");
    }

    @Test
    void isDownIfItIsNotAllowed() {
        failure = new Failure(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "not allowed to write to orders");
        assertJudged(Status.DOWN, "not allowed: not allowed to write to orders");
        failure = new Failure(ErrorCode.SASL_AUTHENTICATION_FAILED, "wrong password");
        assertJudged(Status.DOWN, "not allowed: wrong password");
        failure = new Failure(ErrorCode.MESSAGE_TOO_LARGE, "too large");
        assertJudged(Status.UP, null);
    }

    @Test
    void isDownWithoutMetadataForTooLong() {
        metadataProblem = "no broker answers";
        metadataAgeNanos = 601 * SECOND;
        assertJudged(Status.DOWN, "no metadata for 601000 ms, longer than 600000 ms: no broker answers");
        metadataAgeNanos = 599 * SECOND;
        assertJudged(Status.UP, null);
    }

    @Test
    void isDownIfARecordWaitsTooLong() {
        pending = 1;
        partitions = List.of(
                new PartitionSnapshot(new TopicPartition("orders", 0), 1, 10, 1, 1, 61 * SECOND, 3, ErrorCode.NONE));
        assertJudged(Status.DOWN, "a record has no outcome for 61000 ms, longer than 60000 ms: explained");
        partitions = List.of();
        waiting = List.of(new WaitingTopic("payments", 62 * SECOND, null));
        assertJudged(Status.DOWN, "a record has no outcome for 62000 ms, longer than 60000 ms: explained");
    }

    @Test
    void isDownIfRecordsWaitAndNoBrokerCanBeReached() {
        pending = 1;
        nodes = List.of(node("CONNECTING", null));
        assertJudged(Status.UP, null);
        nodes = List.of(node("CONNECTING", "refused"), node("READY", null));
        assertJudged(Status.UP, null);
        nodes = List.of(node("CONNECTING", "refused"));
        assertJudged(Status.DOWN, "records wait and no broker can be reached: refused");
        nodes = List.of();
        metadataAgeNanos = -1;
        metadataProblem = "cannot connect to any of localhost:1";
        assertJudged(Status.DOWN, "records wait and no broker can be reached: cannot connect to any of localhost:1");
    }

    @Test
    void isOutOfServiceWithAFullBuffer() {
        isFull = true;
        assertJudged(Status.OUT_OF_SERVICE, "the buffer is full: explained");
    }

    @Test
    void isUnknownIfNobodyTells() {
        assertThat(rules.judge(null, null, SECOND, false).status()).isEqualTo(Status.UNKNOWN);
    }

    private void assertJudged(Status status, @Nullable String reason) {
        PipelineSnapshot state = new PipelineSnapshot(
                "shop",
                Bottleneck.NONE,
                "explained",
                new PipelineSnapshot.RecordCounts(submitted, submitted - pending, 0),
                new PipelineSnapshot.BufferState(0, 100, 0),
                metadataAgeNanos,
                metadataProblem,
                new PipelineSnapshot.DeliveryState(0, 0),
                0,
                waiting,
                partitions,
                nodes);
        assertThat(rules.judge(state, failure, 5 * SECOND, isFull)).isEqualTo(new HealthRules.Verdict(status, reason));
    }

    private static NodeSnapshot node(String state, @Nullable String lastFailure) {
        return new NodeSnapshot(1, "localhost:1", state, 0, 0, 0, lastFailure);
    }
}
