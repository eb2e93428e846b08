package dev.millrace.producer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SnapshotUpdateTest {

    private static final UUID ID = new UUID(1, 1);
    private static final UUID OTHER_ID = new UUID(2, 2);

    private static MetadataAnswer twoNodes() {
        return new MetadataAnswer().node(1, "b1", 9092).node(2, "b2", 9092);
    }

    private static SnapshotUpdate apply(ClusterSnapshot old, MetadataAnswer answer) {
        return SnapshotUpdate.of(old, answer.build());
    }

    private static ClusterSnapshot snapshot(MetadataAnswer answer) {
        return apply(ClusterSnapshot.EMPTY, answer).snapshot();
    }

    private static TopicSnapshot orders(ClusterSnapshot snapshot) {
        TopicSnapshot topic = snapshot.topic("orders");
        if (topic == null) {
            throw new AssertionError("no topic in " + snapshot);
        }
        return topic;
    }

    @Test
    void describesNodesAndPartitions() {
        SnapshotUpdate update = apply(ClusterSnapshot.EMPTY, twoNodes().topic("orders", ID, 5, 2, -1, 1));
        ClusterSnapshot snapshot = update.snapshot();
        assertThat(snapshot.version()).isEqualTo(1);
        assertThat(snapshot.clusterId()).isEqualTo("cluster");
        assertThat(snapshot.node(2)).isEqualTo(new BrokerAddress("b2", 9092));
        assertThat(snapshot.node(3)).isNull();
        assertThat(snapshot.leader("orders", 0)).isEqualTo(2);
        assertThat(snapshot.leader("orders", 3)).isEqualTo(PartitionInfo.NO_LEADER);
        assertThat(snapshot.leader("payments", 0)).isEqualTo(PartitionInfo.NO_LEADER);
        assertThat(orders(snapshot).topicId()).isEqualTo(ID);
        assertThat(orders(snapshot).partitionCount()).isEqualTo(3);
        assertThat(orders(snapshot).leaderEpoch(2)).isEqualTo(5);
        assertThat(orders(snapshot).availablePartitions()).containsExactly(0, 2);
        assertThat(orders(snapshot).partitions()).contains(new PartitionInfo("orders", 1, -1, 1, 1));
        assertThat(update.bringsNews()).isTrue();
        assertThat(update.asksForAnother()).as("partition 1 has no leader").isTrue();
    }

    @Test
    void bringsNoNewsIfNothingChanged() {
        MetadataAnswer answer = twoNodes().topic("orders", ID, 5, 1);
        SnapshotUpdate again = apply(snapshot(answer), answer);
        assertThat(again.bringsNews()).isFalse();
        assertThat(again.asksForAnother()).isFalse();
        assertThat(again.snapshot().version()).isEqualTo(2);
        assertThat(apply(snapshot(answer), twoNodes().topic("orders", ID, 6, 1)).bringsNews())
                .isTrue();
    }

    /** 21. */
    @Test
    @Tag("row-21")
    void ignoresAnOlderLeaderEpoch() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", ID, 5, 1));
        SnapshotUpdate update = apply(old, twoNodes().topic("orders", ID, 4, 2));
        assertThat(update.snapshot().leader("orders", 0)).isEqualTo(1);
        assertThat(orders(update.snapshot()).leaderEpoch(0)).isEqualTo(5);
        assertThat(update.bringsNews()).isFalse();
    }

    /** 21 (KAFKA-12257, KAFKA-13488). */
    @Test
    @Tag("row-21")
    void takesAnOlderLeaderEpochOfARecreatedTopic() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", ID, 5, 1));
        ClusterSnapshot updated =
                apply(old, twoNodes().topic("orders", OTHER_ID, 0, 2)).snapshot();
        assertThat(updated.leader("orders", 0)).isEqualTo(2);
        assertThat(orders(updated).topicId()).isEqualTo(OTHER_ID);
    }

    @Test
    void takesWhatHasNoEpoch() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", ID, 5, 1));
        assertThat(apply(old, twoNodes().topic("orders", ID, -1, 2)).snapshot().leader("orders", 0))
                .isEqualTo(2);
    }

    @Test
    void keepsTopicsTheAnswerDoesNotSpeakOf() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", 1));
        ClusterSnapshot updated = apply(old, twoNodes().topic("payments", 2)).snapshot();
        assertThat(updated.topics()).containsOnlyKeys("orders", "payments");
        assertThat(updated.without(Set.of("orders")).topics()).containsOnlyKeys("payments");
    }

    @Test
    void knowsNoLeaderThatIsNotAmongTheNodes() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", 1, 2));
        SnapshotUpdate update =
                apply(old, new MetadataAnswer().node(1, "b1", 9092).topic("payments", 9));
        assertThat(orders(update.snapshot()).leader(1)).isEqualTo(PartitionInfo.NO_LEADER);
        assertThat(orders(update.snapshot()).availablePartitions()).containsExactly(0);
        assertThat(update.snapshot().leader("payments", 0)).isEqualTo(PartitionInfo.NO_LEADER);
        assertThat(update.asksForAnother()).isTrue();
    }

    @Test
    void keepsPartitionsThroughAPassingError() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", 1));
        SnapshotUpdate update = apply(old, twoNodes().refusedTopic("orders", ErrorCode.LEADER_NOT_AVAILABLE));
        assertThat(orders(update.snapshot()).error()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
        assertThat(update.snapshot().leader("orders", 0)).isEqualTo(1);
        assertThat(update.asksForAnother()).isTrue();
    }

    @Test
    void dropsPartitionsOfATopicTheClusterRefuses() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", 1));
        SnapshotUpdate update = apply(old, twoNodes().refusedTopic("orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        assertThat(orders(update.snapshot()).error()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(orders(update.snapshot()).partitionCount()).isZero();
        assertThat(update.asksForAnother()).isFalse();
    }

    /** The reference throws and loses the update. */
    @Test
    void survivesTheSameTopicIdTwice() {
        ClusterSnapshot snapshot = snapshot(twoNodes().topic("orders", ID, 0, 1).topic("payments", ID, 0, 2));
        assertThat(snapshot.topics()).containsOnlyKeys("orders", "payments");
    }

    @Test
    void refusesPartitionsWithGaps() {
        MetadataResponse answer = twoNodes().topic("orders", 1, 1).build();
        MetadataResponse.Topic topic = answer.topics().get(0);
        MetadataResponse.Partition second = topic.partitions().get(1);
        for (List<MetadataResponse.Partition> wrong : List.of(List.of(second), List.of(second, second))) {
            MetadataResponse.Topic changed =
                    new MetadataResponse.Topic(topic.error(), topic.name(), topic.topicId(), false, wrong);
            MetadataResponse contradictory =
                    new MetadataResponse(0, answer.brokers(), null, -1, List.of(changed), ErrorCode.NONE);
            assertThatThrownBy(() -> SnapshotUpdate.of(ClusterSnapshot.EMPTY, contradictory))
                    .isInstanceOf(MalformedResponseException.class)
                    .hasMessageContaining("topic=orders partition=1");
        }
    }

    @Test
    void knowsTheRacksOfNodesAndThatTheyHaveChanged() {
        ClusterSnapshot east = snapshot(new MetadataAnswer()
                .node(1, "b1", 9092, "east")
                .node(2, "b2", 9092)
                .topic("orders", ID, 5, 1));
        assertThat(east.racks()).isEqualTo(Map.of(1, "east"));

        SnapshotUpdate moved = apply(
                east,
                new MetadataAnswer()
                        .node(1, "b1", 9092, "west")
                        .node(2, "b2", 9092)
                        .topic("orders", ID, 5, 1));
        assertThat(moved.bringsNews()).isTrue();
        assertThat(moved.snapshot().racks()).isEqualTo(Map.of(1, "west"));
        assertThat(moved.snapshot().without(Set.of("orders")).racks()).isEqualTo(Map.of(1, "west"));
    }

    @Test
    void takesAHintOnlyIfItIsNewerAndItsNodeIsKnown() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", ID, 5, 1));
        assertThat(old.with(List.of(hint(2, 5, Map.of())))).isSameAs(old);
        assertThat(old.with(List.of(hint(3, 6, Map.of())))).isSameAs(old);
        assertThat(old.with(List.of(hint(2, 6, Map.of()))).leader("orders", 0)).isEqualTo(2);

        BrokerAddress third = new BrokerAddress("b3", 9092);
        ClusterSnapshot updated = old.with(List.of(hint(3, 6, Map.of(3, third))));
        assertThat(updated.leader("orders", 0)).isEqualTo(3);
        assertThat(updated.node(3)).isEqualTo(third);
        assertThat(updated.version()).isEqualTo(old.version() + 1);
    }

    /** The epochs of a topic that was made anew begin again: a hint of the old one would be newer than all of them. */
    @Test
    void takesNoHintOfATopicThatWasMadeAnew() {
        ClusterSnapshot old = snapshot(twoNodes().topic("orders", UUID.randomUUID(), 0, 1));
        assertThat(old.with(List.of(hint(2, 6, Map.of())))).isSameAs(old);
    }

    private static LeaderHint hint(int leader, int leaderEpoch, Map<Integer, BrokerAddress> endpoints) {
        return new LeaderHint("orders", ID, 0, leader, leaderEpoch, endpoints);
    }
}
