package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.PipelineSnapshot.RecordCounts;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ConnectionChange.Event;
import dev.millrace.producer.observe.IdentityChange;
import dev.millrace.producer.observe.MetadataRefresh;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ObserverScenariosTest {

    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration LINGER = Duration.ofMillis(20);

    private final RecordedEvents events = new RecordedEvents();

    @Test
    void aBatchTellsWhereItsTimeWent() {
        SimulatedProducer sim = observed(1, config -> config.linger(LINGER));
        sim.cluster.topic(TOPIC, 1);
        warmUp(sim);
        sim.cluster.onProduce(call -> sim.loop.schedule(Duration.ofMillis(300).toNanos(), call::appendAndAnswer));

        sim.send(0, "one");
        sim.loop.advance(Duration.ofMillis(5));
        sim.send(0, "two");
        sim.loop.advance(Duration.ofSeconds(1));

        BatchEnd end = events.only(BatchEnd.class);
        assertThat(end.partition()).isEqualTo(PARTITION);
        assertThat(end.records()).isEqualTo(2);
        assertThat(end.attempts()).isOne();
        assertThat(end.failure()).isNull();
        assertThat(end.wireBytes()).isGreaterThan(end.rawBytes()).isLessThan(200);
        assertThat(end.times().metadataNanos()).isZero();
        assertThat(end.times().lingerNanos()).isEqualTo(LINGER.toNanos());
        assertThat(end.times().inFlightNanos())
                .isBetween(
                        Duration.ofMillis(300).toNanos(), Duration.ofMillis(310).toNanos());
        assertThat(end.times().retryNanos()).isZero();
        assertThat(end.times().totalNanos())
                .isBetween(
                        Duration.ofMillis(320).toNanos(), Duration.ofMillis(330).toNanos());
    }

    @Test
    void waitingForTheTopicIsAStage() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.loop.advance(Duration.ofSeconds(1));

        sim.send(0, "early");
        sim.loop.advance(Duration.ofSeconds(3));
        sim.cluster.topic(TOPIC, 1);
        sim.loop.advance(Duration.ofSeconds(3));

        BatchEnd end = events.only(BatchEnd.class);
        assertThat(end.failure()).isNull();
        assertThat(end.times().metadataNanos())
                .isBetween(
                        Duration.ofSeconds(3).toNanos(), Duration.ofSeconds(5).toNanos());
        assertThat(end.times().lingerNanos()).isZero();
        assertThat(events.only(IdentityChange.class).error()).isEqualTo(ErrorCode.NONE);
        assertThat(events.of(MetadataRefresh.class)).isNotEmpty().allMatch(refresh -> refresh.problem() == null);
    }

    @Test
    void retriesAreToldWithTheirReasonAndAddUp() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);
        warmUp(sim);
        sim.cluster.failNext(TOPIC, 0, ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.NOT_ENOUGH_REPLICAS);

        sim.send(0, "again");
        sim.loop.advance(Duration.ofSeconds(5));

        assertThat(events.of(BatchRetry.class))
                .containsExactly(
                        new BatchRetry(PARTITION, 1, 1, 1, ErrorCode.NOT_ENOUGH_REPLICAS),
                        new BatchRetry(PARTITION, 1, 2, 1, ErrorCode.NOT_ENOUGH_REPLICAS));
        BatchEnd end = events.only(BatchEnd.class);
        assertThat(end.attempts()).isEqualTo(3);
        // the backoffs of 100 and 200 ms, without jitter
        assertThat(end.times().retryNanos()).isEqualTo(Duration.ofMillis(300).toNanos());
    }

    @Test
    void aFailureNamesItselfAndItsStage() {
        SimulatedProducer sim = observed(1, config -> config.linger(LINGER).deliveryTimeout(Duration.ofSeconds(40)));
        sim.cluster.topic(TOPIC, 1);
        warmUp(sim);
        sim.cluster.onProduce(call -> {});

        sim.send(0, "lost");
        sim.loop.advance(Duration.ofSeconds(41));

        BatchEnd end = events.only(BatchEnd.class);
        assertThat(end.failure()).isInstanceOf(DeliveryTimeoutException.class);
        assertThat(end.attempts()).isPositive();
        assertThat(end.times().totalNanos()).isEqualTo(Duration.ofSeconds(40).toNanos());
        assertThat(events.of(ConnectionChange.class)).anySatisfy(change -> {
            assertThat(change.event()).isEqualTo(Event.LOST);
            assertThat(change.cause()).contains("no response");
        });
        assertThat(events.of(RequestEnd.class)).anyMatch(request -> !request.answered());
    }

    @Test
    void splitsAndRefusalsAreTold() {
        SimulatedProducer sim = observed(1, config -> config.linger(LINGER).maxRequestSize(2_000));
        sim.cluster.topic(TOPIC, 1);
        warmUp(sim);
        sim.cluster.limitBatches(700);

        sim.send(0, "a".repeat(500));
        sim.send(0, "b".repeat(500));
        sim.send(0, "c".repeat(5_000));
        sim.loop.advance(Duration.ofSeconds(2));

        BatchSplit split = events.only(BatchSplit.class);
        assertThat(split.records()).isEqualTo(2);
        assertThat(split.pieces()).isEqualTo(2);
        assertThat(events.of(BatchEnd.class)).hasSize(2).allMatch(end -> end.failure() == null);
        RecordRefusal refusal = events.only(RecordRefusal.class);
        assertThat(refusal.topic()).isEqualTo(TOPIC);
        assertThat(refusal.partition()).isZero();
        assertThat(refusal.failure()).hasMessageContaining("too large");
    }

    @Test
    void requestsAndConnectionsAreToldInOrder() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.onProduce(call -> call.answer(call.append(), 250));
        sim.sendAlone(0, "one");

        assertThat(events.of(ConnectionChange.class).stream().map(ConnectionChange::event))
                .startsWith(Event.CONNECTING, Event.READY);
        RequestEnd produce = events.of(RequestEnd.class).stream()
                .filter(request -> request.api().equals("PRODUCE"))
                .findFirst()
                .orElseThrow();
        assertThat(produce.node()).isOne();
        assertThat(produce.throttleMillis()).isEqualTo(250);
        assertThat(produce.requestBytes()).isGreaterThan(60);
        assertThat(produce.responseBytes()).isGreaterThan(20);
        assertThat(produce.answered()).isTrue();
        assertThat(events.of(RequestEnd.class))
                .anyMatch(request -> request.api().equals("API_VERSIONS"));

        events.assertAgreeWith(sim.close(Duration.ofSeconds(1)));
    }

    @Test
    void anObserverThatThrowsStopsNothing() {
        int[] calls = {0};
        SimulatedProducer sim = SimulatedProducer.observedBy(
                new ProducerObserver() {
                    @Override
                    public void onBatchEnded(BatchEnd batch) {
                        calls[0]++;
                        throw new IllegalStateException("broken observer");
                    }
                },
                1,
                config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);

        assertThat(sim.sendAlone(0, "one").isDelivered()).isTrue();
        assertThat(sim.sendAlone(0, "two").isDelivered()).isTrue();
        assertThat(calls[0]).isEqualTo(2);
        assertThat(sim.close(Duration.ofSeconds(1)).delivered()).isEqualTo(2);
    }

    @Test
    void theSnapshotShowsWhatWaitsAndWhy() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1, 1);
        sim.sendAlone(0, "warm");
        sim.sendAlone(1, "warm");
        sim.cluster.onProduce(call -> {});

        sim.send(1, "one");
        sim.loop.advance(Duration.ofSeconds(2));
        sim.send("unheard-of", null, "waits", () -> {});
        sim.loop.advance(Duration.ofSeconds(1));

        PipelineSnapshot snapshot = snapshotOf(sim);
        assertThat(snapshot.clientId()).isEqualTo("test");
        assertThat(snapshot.records()).isEqualTo(new RecordCounts(4, 2, 0));
        assertThat(snapshot.records().pending()).isEqualTo(2);
        assertThat(snapshot.buffer().usedBytes()).isPositive();
        assertThat(snapshot.metadataAgeNanos())
                .isBetween(0L, Duration.ofSeconds(3).toNanos());
        assertThat(snapshot.partitions()).singleElement().satisfies(partition -> {
            assertThat(partition.partition()).isEqualTo(new TopicPartition(TOPIC, 1));
            assertThat(partition.leader()).isOne();
            assertThat(partition.batchesInFlight()).isOne();
            assertThat(partition.oldestAgeNanos())
                    .isEqualTo(Duration.ofSeconds(3).toNanos());
        });
        assertThat(snapshot.waitingTopics()).singleElement().satisfies(topic -> {
            assertThat(topic.topic()).isEqualTo("unheard-of");
            assertThat(topic.problem()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.toString());
        });
        assertThat(snapshot.nodes()).extracting(NodeSnapshot::requestsInFlight).containsExactly(1);
        assertThat(snapshot.bottleneck()).isEqualTo(Bottleneck.METADATA);
        assertThat(snapshot.explanation()).contains("unheard-of");
    }

    @Test
    void anIdleProducerHasAnEmptySnapshot() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "one");

        PipelineSnapshot snapshot = snapshotOf(sim);
        assertThat(snapshot.partitions()).isEmpty();
        assertThat(snapshot.waitingTopics()).isEmpty();
        assertThat(snapshot.delivery().batches()).isZero();
        assertThat(snapshot.buffer().usedBytes()).isZero();
        assertThat(snapshot.bottleneck()).isEqualTo(Bottleneck.NONE);
    }

    @Test
    void theSnapshotNamesABrokerThatCannotBeReached() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.cluster.broker(1).goDown();

        sim.send(0, "stuck");
        sim.loop.advance(Duration.ofSeconds(2));

        PipelineSnapshot snapshot = snapshotOf(sim);
        assertThat(snapshot.bottleneck()).isEqualTo(Bottleneck.CONNECTION);
        assertThat(snapshot.explanation()).startsWith("no connection to node 1 at ");
        assertThat(snapshot.metadataProblem()).isNotNull();
        assertThat(snapshot.partitions()).extracting(PartitionSnapshot::leader).doesNotContain(PartitionInfo.NO_LEADER);
    }

    @Test
    void slowCallbacksAreTheBottleneckNearestToTheUser() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        PipelineSnapshot[] seen = {null};

        sim.send(TOPIC, 0, "slow", () -> {
            sim.loop.advance(Duration.ofMillis(150)); // the callback takes its time, the loop goes on
            CompletableFuture<PipelineSnapshot> asked = sim.producer.snapshot();
            sim.loop.advance(Duration.ofMillis(1));
            CompletableFuture<Void> unused = asked.thenAccept(snapshot -> seen[0] = snapshot);
        });
        sim.loop.advance(Duration.ofSeconds(1));

        assertThat(seen[0]).isNotNull();
        assertThat(seen[0].bottleneck()).isEqualTo(Bottleneck.CALLBACKS);
    }

    @Test
    void aClosedProducerHasNoSnapshot() {
        SimulatedProducer sim = observed(1, UnaryOperator.identity());
        sim.close(Duration.ZERO);

        assertThatThrownBy(sim.producer.snapshot()::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRecordWithoutRoomIsRefusedOnce() {
        SimulatedProducer sim = observed(1, config -> config.linger(Duration.ZERO)
                .maxBlock(Duration.ZERO)
                .maxRequestSize(16_000)
                .batchSize(1_000)
                .bufferMemory(16_384));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.cluster.onProduce(call -> {});
        for (int i = 0; i < 6; i++) {
            sim.send(0, "x".repeat(3_900));
            sim.loop.advance(Duration.ofMillis(1));
        }

        List<RecordRefusal> refusals = events.of(RecordRefusal.class);
        assertThat(refusals).anyMatch(each -> each.failure() instanceof BufferExhaustedException);
        events.assertAgreeWith(sim.close(Duration.ZERO));
    }

    private SimulatedProducer observed(int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        return SimulatedProducer.observedBy(events, nodes, settings);
    }

    private void warmUp(SimulatedProducer sim) {
        sim.send(0, "warm");
        sim.loop.advance(Duration.ofSeconds(1));
        assertThat(events.of(BatchEnd.class)).hasSize(1);
        events.all.clear();
    }

    private static PipelineSnapshot snapshotOf(SimulatedProducer sim) {
        CompletableFuture<PipelineSnapshot> snapshot = sim.producer.snapshot();
        sim.loop.advance(Duration.ofMillis(1));
        return snapshot.join();
    }
}
