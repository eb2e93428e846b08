package dev.millrace.producer.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.PipelineSnapshot.BufferState;
import dev.millrace.producer.PipelineSnapshot.DeliveryState;
import dev.millrace.producer.PipelineSnapshot.WaitingTopic;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PipelineDiagnosisTest {

    private DeliveryState delivery = new DeliveryState(3, Duration.ofMillis(99).toNanos());
    private BufferState buffer = new BufferState(10, 100, 0);
    private @Nullable String metadataProblem;
    private int waitingForIdentity;
    private final List<WaitingTopic> topics = new ArrayList<>();
    private final List<PartitionSnapshot> partitions = new ArrayList<>();
    private final List<NodeSnapshot> nodes = new ArrayList<>();

    @Test
    void findsNothingInAPipelineThatFlows() {
        partitions.add(partition(0, 1, 1, 1, ErrorCode.NONE));
        nodes.add(new NodeSnapshot(1, "a:1", "READY", 1, 0, 0, null));

        assertThat(diagnosis()).isEqualTo(new PipelineDiagnosis(Bottleneck.NONE, "nothing holds the producer up"));
    }

    /** Each finding added hides those found so far: the order of the enum, from the end. */
    @Test
    void looksInTheOrderOfTheParts() {
        buffer = new BufferState(100, 100, 7);
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.BROKER, "brokers take less than is sent: buffer=100/100 B waiting threads=7"));

        nodes.add(new NodeSnapshot(1, "a:1", "READY", 5, 0, 2, null));
        assertThat(diagnosis().explanation()).endsWith("waiting threads=7 requests waiting for node 1 at a:1");

        partitions.add(partition(4, 1, 2, 1, ErrorCode.NOT_ENOUGH_REPLICAS));
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.RETRY,
                        "batches are sent again: partitions=1, for instance t-4 attempts=3 error="
                                + ErrorCode.NOT_ENOUGH_REPLICAS));

        nodes.add(new NodeSnapshot(2, "b:1", "READY", 0, Duration.ofSeconds(2).toNanos(), 1, null));
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.THROTTLE, "a quota of the cluster holds back node 2 at b:1 for 2000 ms"));

        nodes.add(new NodeSnapshot(3, "c:1", "BACKING_OFF", 0, 0, 1, "connection refused"));
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.CONNECTION, "no connection to node 3 at c:1 (connection refused)"));

        waitingForIdentity = 9;
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.IDENTITY, "the cluster has given no producer id: partitions waiting=9"));

        partitions.add(partition(5, PartitionInfo.NO_LEADER, 0, 0, ErrorCode.NONE));
        metadataProblem = "no broker answers";
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.METADATA, "partitions without leader: t-5; metadata: no broker answers"));

        for (String name : List.of("a", "b", "c", "d", "e")) {
            topics.add(new WaitingTopic(name, 1, name.equals("a") ? "UNKNOWN_TOPIC_OR_PARTITION" : null));
        }
        assertThat(diagnosis().explanation())
                .isEqualTo("topics not described by the cluster: a (UNKNOWN_TOPIC_OR_PARTITION), b, c and 2 more;"
                        + " metadata: no broker answers");

        delivery = new DeliveryState(3, PipelineDiagnosis.SLOW_DELIVERY_NANOS);
        assertThat(diagnosis())
                .isEqualTo(new PipelineDiagnosis(
                        Bottleneck.CALLBACKS,
                        "callbacks or continuations of futures are slow: batches waiting=3 oldest=100 ms"));
    }

    @Test
    void doesNotCallANodeABottleneckThatNobodyWaitsFor() {
        nodes.add(new NodeSnapshot(1, "a:1", "IDLE", 0, 0, 0, "connection reset"));
        nodes.add(new NodeSnapshot(2, "b:1", "READY", 0, 5, 0, null));

        assertThat(diagnosis().bottleneck()).isEqualTo(Bottleneck.NONE);
    }

    private PipelineDiagnosis diagnosis() {
        return PipelineDiagnosis.of(delivery, buffer, metadataProblem, waitingForIdentity, topics, partitions, nodes);
    }

    private static PartitionSnapshot partition(int number, int leader, int underWay, int inFlight, ErrorCode error) {
        return new PartitionSnapshot(new TopicPartition("t", number), leader, 10, underWay, inFlight, 20, 3, error);
    }
}
