package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static dev.millrace.producer.internal.simulation.ProduceCall.movedTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.ProduceCall;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leaders that move, and topics that are deleted and made anew. */
class LeaderScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedProducer sim = new SimulatedProducer(2, config -> config.linger(Duration.ZERO)
            .batchSize(1) // so that small batches go out while others are in flight
            .requestTimeout(Duration.ofSeconds(2))
            .deliveryTimeout(Duration.ofSeconds(20)));

    private void warm() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
    }

    private void stopMetadata() {
        for (int node = 1; node <= 2; node++) {
            sim.cluster.broker(node).on(ApiKey.METADATA, request -> {}); // no answer
        }
    }

    // leader hints (KIP-951)

    @Test
    @Tag("row-58")
    void hintLeadsToTheNewLeaderWithoutBackoffAndMetadata() {
        warm();
        sim.cluster.giveHints();
        stopMetadata();
        sim.cluster.moveLeader(TOPIC, 0, 2);
        Sent moved = sim.send(0, "moved");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(moved.isDelivered()).isTrue();
        assertThat(sim.cluster.produceCalls()).extracting(ProduceCall::nodeId).containsExactly(1, 1, 2);
        assertThat(sim.log(0)).containsExactly("warm", "moved");
    }

    /** 58 with batches in flight: none waits for a backoff that began when the first came back. */
    @Test
    @Tag("row-58")
    void hintLeadsAllBatchesInFlightToTheNewLeaderAtOnceAndInOrder() {
        warm();
        sim.cluster.giveHints();
        stopMetadata();
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        for (int i = 0; i < 5; i++) {
            sim.sendAlone(0, "r" + i);
        }
        assertThat(held.size()).isGreaterThan(1);
        sim.cluster.moveLeader(TOPIC, 0, 2);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.forEach(ProduceCall::appendAndAnswer);
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("warm", "r0", "r1", "r2", "r3", "r4");
    }

    /** 58: a node nobody has heard of is found by the endpoint that came with the hint. */
    @Test
    @Tag("row-58")
    void hintBringsTheAddressOfAnUnknownNode() {
        sim.cluster.topic(TOPIC, 1);
        sim.cluster
                .broker(1)
                .on(
                        ApiKey.METADATA,
                        request -> request.answer(new MetadataAnswer()
                                .node(1, sim.cluster.broker(1))
                                .topic(TOPIC, SimulatedCluster.topicId(TOPIC), 0, 1)
                                .build()));
        sim.cluster.giveHints();
        Sent first = sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        sim.cluster.moveLeader(TOPIC, 0, 2);
        stopMetadata();
        Sent second = sim.send(0, "second");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(List.of(first, second)).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("first", "second");
    }

    /** 59 (franz-go #1412). */
    @Test
    @Tag("row-59")
    void repeatedHintOfTheSameEpochHonoursTheBackoff() {
        warm();
        sim.cluster.giveHints();
        stopMetadata();
        sim.cluster.onProduce(call -> call.answer(List.of(movedTo(0, 2, 1)))); // node 2 says so, too
        sim.send(0, "nobody takes it");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.cluster.produceCalls())
                .as("the first hint is news, the second is not")
                .extracting(ProduceCall::nodeId)
                .containsExactly(1, 1, 2);
        sim.loop.advance(Duration.ofMillis(1600));
        assertThat(sim.cluster
                        .produceCalls()
                        .subList(3, sim.cluster.produceCalls().size()))
                .extracting(call -> call.request().arrivedAt().toMillis() - 1000)
                .containsExactly(200L, 600L, 1400L); // waits of 200, 400, 800 ms
    }

    /** A hint that is older than what is known leads nowhere. */
    @Test
    void hintOfAnOlderEpochIsIgnored() {
        sim.cluster.topic(TOPIC, 2);
        sim.cluster.moveLeader(TOPIC, 0, 1); // epoch 1
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        List<ProduceCall> calls = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            calls.add(call);
            if (calls.size() == 1) {
                call.answer(List.of(movedTo(0, 2, 0)));
            } else {
                call.appendAndAnswer();
            }
        });
        Sent record = sim.send(0, "stays");
        sim.loop.advance(SECOND);
        assertThat(record.isDelivered()).isTrue();
        assertThat(calls).extracting(ProduceCall::nodeId).containsExactly(1, 1);
    }

    /** 87: a hint sends nothing to the new leader before everything sent to the old one came back. */
    @Test
    @Tag("row-87")
    void hintDoesNotOvertakeWhatTheOldLeaderHasYetToAnswer() {
        warm();
        sim.cluster.giveHints();
        stopMetadata();
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        sim.sendAlone(0, "r0");
        sim.sendAlone(0, "r1");
        assertThat(held).hasSize(2);
        held.get(0).append();
        sim.cluster.moveLeader(TOPIC, 0, 2);
        held.get(0).answer(List.of(movedTo(0, 2, 1)));
        sim.loop.advance(Duration.ofMillis(500));
        assertThat(held).as("the second is still with the old leader").hasSize(2);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.get(1).answer(List.of(movedTo(0, 2, 1)));
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("warm", "r0", "r1");
    }

    // topics made anew (KAFKA-12257, KAFKA-13488, franz-go #1364)

    /** 21: the leader epochs of the new topic are lower than those known. */
    @Test
    @Tag("row-21")
    void recordsGoToATopicThatWasMadeAnew() {
        warm();
        for (int i = 0; i < 3; i++) {
            sim.cluster.moveLeader(TOPIC, 0, 1);
        }
        sim.sendAlone(0, "to the old one");
        sim.loop.advance(SECOND);
        sim.cluster.recreateTopic(TOPIC, 2);
        Sent record = sim.send(0, "to the new one");
        sim.loop.advance(SECOND);
        assertThat(record.offset()).isZero();
        assertThat(sim.log(0)).containsExactly("to the new one");
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .extracting(RecordBatchHeader::producerEpoch, RecordBatchHeader::baseSequence)
                .containsExactly(tuple((short) 1, 0));
    }

    /** What was under way for the deleted topic goes to the new one, once and in order, with sequences from 0. */
    @Test
    void batchesUnderWayGoToTheNewTopicInOrder() {
        warm();
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        for (int i = 0; i < 5; i++) {
            sim.sendAlone(0, "r" + i);
        }
        int inFlight = held.size();
        assertThat(inFlight).isGreaterThan(1);
        sim.cluster.deleteTopic(TOPIC);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.forEach(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertThat(sim.completed).as("the topic may come back").hasSize(1);
        sim.cluster.recreateTopic(TOPIC, 1);
        sim.loop.advance(SECOND.multipliedBy(3));
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("r0", "r1", "r2", "r3", "r4");
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .extracting(RecordBatchHeader::baseSequence)
                .startsWith(0);
    }

    /** Nobody can tell whether a batch whose answer got lost is in the new log, so it keeps its stamp. */
    @Test
    void batchThatMayBeInTheNewLogIsNotDoubled() {
        warm();
        sim.cluster.recreateTopic(TOPIC, 1);
        List<ProduceCall> calls = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            calls.add(call);
            if (calls.size() == 2) { // the first one is refused: it names the old topic
                call.append();
                call.request().closeConnection();
            } else {
                call.appendAndAnswer();
            }
        });
        Sent record = sim.send(0, "once");
        sim.loop.advance(SECOND.multipliedBy(2));
        assertThat(record.offset()).isZero();
        assertThat(calls).hasSize(3);
        assertThat(sim.log(0)).containsExactly("once");
    }

    /** The new log knows nothing of the producer: it would take a second batch before a refused first one. */
    @Test
    void onlyOneBatchIsInFlightUntilTheNewTopicHasTakenTheFirst() {
        warm();
        sim.cluster.recreateTopic(TOPIC, 1);
        sim.sendAlone(0, "finds out");
        sim.loop.advance(Duration.ofMillis(50));
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        sim.sendAlone(0, "second");
        sim.sendAlone(0, "third");
        sim.loop.advance(Duration.ofMillis(200));
        assertThat(held).hasSize(1);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        held.get(0).appendAndAnswer();
        sim.loop.advance(SECOND);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("finds out", "second", "third");
    }

    /** The same producer id may be somebody else's in another cluster. */
    @Test
    void anotherClusterGivesAnotherProducerId() {
        warm();
        sim.cluster.becomeCluster("other", 7777);
        sim.cluster.recreateTopic(TOPIC, 1);
        Sent record = sim.send(0, "to the other cluster");
        sim.loop.advance(SECOND);
        assertThat(record.isDelivered()).isTrue();
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .extracting(RecordBatchHeader::producerId, RecordBatchHeader::baseSequence)
                .containsExactly(tuple(7777L, 0));
    }

    /** Brokers before topic ids in Produce (v13) speak of names only. */
    @Test
    void recordsGoToANewTopicByName() {
        for (int node = 1; node <= 2; node++) {
            SimulatedBroker broker = sim.cluster.broker(node);
            broker.speaks(ApiKey.PRODUCE, 3, 9);
        }
        warm();
        sim.cluster.deleteTopic(TOPIC);
        Sent early = sim.sendAlone(0, "early");
        sim.loop.advance(SECOND);
        assertThat(early.isDone()).isFalse();
        sim.cluster.recreateTopic(TOPIC, 2);
        Sent late = sim.sendAlone(0, "late");
        sim.loop.advance(SECOND.multipliedBy(3));
        assertThat(List.of(early, late)).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("early", "late");
    }

    /** A topic that does not come back fails its records in time, with the reason. */
    @Test
    void recordsOfADeletedTopicFailAtTheDeliveryTimeout() {
        warm();
        sim.cluster.deleteTopic(TOPIC);
        Sent record = sim.send(0, "too late");
        sim.loop.advance(Duration.ofSeconds(21));
        assertThat(record.failure().errorCode()).isIn(ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(record.failure()).hasMessageContaining("create the topic");
    }
}
