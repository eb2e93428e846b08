package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producer ids, epochs and sequences through everything that goes wrong. */
class SequenceScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(5);
    private static final int WARM_CALLS = 2;

    private final SimulatedProducer sim = cold(1);

    private static SimulatedProducer cold(int leader) {
        SimulatedProducer cold = new SimulatedProducer(2, config -> config.linger(Duration.ZERO)
                .batchSize(1) // so that small batches go out while others are in flight
                .requestTimeout(Duration.ofSeconds(2))
                .deliveryTimeout(DELIVERY_TIMEOUT));
        cold.cluster.topic(TOPIC, leader, leader);
        return cold;
    }

    private void warm() {
        for (int partition = 0; partition < 2; partition++) {
            sim.sendAlone(partition, "warm");
            sim.loop.advance(SECOND);
        }
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.cluster.produceCalls()).hasSize(WARM_CALLS);
        sim.sent.clear();
        sim.completed.clear();
    }

    private List<ProduceCall> hold() {
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        return held;
    }

    private void sendFive() {
        for (int i = 0; i < 5; i++) {
            sim.sendAlone(0, "r" + i);
        }
    }

    private List<RecordBatchHeader> headersFrom(int call) {
        return sim.cluster.produceCalls().stream()
                .skip(call)
                .map(each -> each.onlyBatch().header())
                .toList();
    }

    private void assertAllDeliveredInOrder() {
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).startsWith("warm");
        assertThat(sim.log(0).subList(1, sim.log(0).size())).isEqualTo(SimulatedProducer.values(sim.sent));
    }

    @Test
    @Tag("row-76")
    void retriesGoOldestFirstAloneAndUnchanged() {
        warm();
        List<ProduceCall> held = hold();
        sendFive();
        assertThat(held).hasSize(5);
        List<RecordBatchHeader> first = headersFrom(WARM_CALLS);
        held.get(0).refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        held.subList(1, 5).forEach(ProduceCall::appendAndAnswer);
        held.clear();
        sim.loop.advance(Duration.ofMillis(99));
        assertThat(held).as("the backoff of the oldest holds for all").isEmpty();
        sim.loop.advance(Duration.ofMillis(1));
        for (int i = 0; i < 5; i++) {
            assertThat(held).as("one at a time").hasSize(i + 1);
            held.get(i).appendAndAnswer();
            sim.loop.runReady();
        }
        assertThat(headersFrom(WARM_CALLS + 5)).isEqualTo(first);
        assertAllDeliveredInOrder();
    }

    @Test
    @Tag("row-78")
    @Tag("T2")
    void batchThatTimesOutOnItsFirstAttemptDoesNotStopThePartition() {
        warm();
        List<ProduceCall> held = hold();
        Sent lost = sim.sendAlone(0, "lost");
        sim.loop.advance(DELIVERY_TIMEOUT.minus(SECOND));
        sim.cluster.onProduce(call -> call.request().closeConnection());
        sim.loop.advance(SECOND);
        assertThat(lost.failure().mayHaveBeenWritten()).isTrue();
        assertThat(held).isNotEmpty();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        Sent next = sim.sendAlone(0, "next");
        sim.loop.advance(SECOND);
        assertThat(next.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("warm", "next");
        assertThat(sim.cluster.log(TOPIC, 0).batches()).last().satisfies(batch -> {
            assertThat(batch.producerEpoch()).isEqualTo((short) 1);
            assertThat(batch.baseSequence()).isZero();
        });
    }

    /** Nothing new is stamped while what may be in the log is under way. */
    @Test
    @Tag("row-79")
    void gapIsClosedOnlyWhenAllThatWasSentHasEnded() {
        warm();
        List<ProduceCall> held = hold();
        Sent lost = sim.sendAlone(0, "lost");
        sim.loop.advance(DELIVERY_TIMEOUT.minusMillis(500));
        Sent young = sim.send(0, "young");
        sim.loop.advance(SECOND);
        assertThat(lost.isDone()).isTrue();
        assertThat(young.isDone()).isFalse();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND.multipliedBy(3));
        assertThat(held).isNotEmpty();
        assertThat(young.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("warm", "young");
    }

    @Test
    @Tag("row-80")
    void sequencesStartOverWhenTheBrokerMissesNothingAndStillRefuses() {
        warm();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        sim.sendAlone(0, "r0");
        sim.loop.advance(SECOND);
        assertThat(headersFrom(WARM_CALLS))
                .extracting(RecordBatchHeader::producerEpoch)
                .containsExactly((short) 0, (short) 1);
        assertThat(headersFrom(WARM_CALLS))
                .extracting(RecordBatchHeader::baseSequence)
                .containsExactly(1, 0);
        assertAllDeliveredInOrder();
    }

    /** With an unknown log start, one before and one behind the last record that is known to be written. */
    @ParameterizedTest
    @Tag("row-81")
    @ValueSource(longs = {-1, 0, 1000})
    void sequencesStartOverWhenTheBrokerHasForgottenTheProducer(long logStartOffset) {
        warm();
        List<ProduceCall> held = hold();
        sendFive();
        sim.cluster.log(TOPIC, 0).forgetProducers();
        PartitionResult forgotten = new PartitionResult(
                0, ErrorCode.UNKNOWN_PRODUCER_ID, -1, -1, logStartOffset, List.of(), null, LeaderHint.NONE);
        held.forEach(call -> call.answer(List.of(forgotten)));
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder();
        assertThat(headersFrom(WARM_CALLS + 5)).allMatch(batch -> batch.producerEpoch() == 1);
    }

    @Test
    @Tag("row-82")
    void oldEpochIsReplacedByANewOne() {
        warm();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.INVALID_PRODUCER_EPOCH);
        sendFive();
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder();
    }

    @Test
    @Tag("row-83")
    void otherPartitionsKeepTheirEpoch() {
        warm();
        List<ProduceCall> held = hold();
        Sent busy = sim.sendAlone(1, "busy");
        ProduceCall inFlight = held.remove(0);
        sim.sendAlone(0, "restarts");
        inFlight.appendAndAnswer();
        held.remove(0).refuse(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        Sent after = sim.sendAlone(1, "after");
        assertThat(busy.isDelivered() && after.isDelivered()).isTrue();
        assertThat(sim.cluster.log(TOPIC, 0).batches()).last().matches(batch -> batch.producerEpoch() == 1);
        assertThat(sim.cluster.log(TOPIC, 1).batches())
                .extracting(RecordBatchHeader::producerEpoch, RecordBatchHeader::baseSequence)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple((short) 0, 0),
                        org.assertj.core.groups.Tuple.tuple((short) 0, 1),
                        org.assertj.core.groups.Tuple.tuple((short) 0, 2));
    }

    @Test
    @Tag("row-84")
    void newProducerIdFollowsTheLastEpoch() {
        sim.cluster.firstEpoch(Short.MAX_VALUE);
        warm();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        sim.sendAlone(0, "renewed");
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder();
        List<RecordBatchHeader> batches = sim.cluster.log(TOPIC, 0).batches();
        assertThat(batches.get(1).producerId()).isNotEqualTo(batches.get(0).producerId());
        assertThat(batches.get(1).producerEpoch()).isZero();
        Sent other = sim.sendAlone(1, "other partition");
        assertThat(other.isDelivered()).isTrue();
    }

    /** KAFKA-14359. */
    @Test
    @Tag("row-86")
    void onlyOneBatchIsInFlightUntilTheFirstIsAcknowledged() {
        List<ProduceCall> held = hold();
        sim.sendAlone(0, "warm");
        sim.loop.advance(Duration.ofMillis(100));
        sim.sendAlone(0, "second");
        sim.sendAlone(0, "third");
        assertThat(held).hasSize(1);
        held.get(0).appendAndAnswer();
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).containsExactly("warm", "second", "third");
    }

    @Test
    @Tag("row-87")
    void newLeaderGetsNothingBeforeTheOldOneHasAnswered() {
        sim.cluster.topic(TOPIC, 1, 2);
        warm();
        List<ProduceCall> held = hold();
        sim.sendAlone(0, "r0");
        sim.sendAlone(0, "r1");
        sim.cluster.moveLeader(TOPIC, 0, 2);
        Sent other = sim.sendAlone(1, "from node 2 comes the hint that leaders have moved");
        held.remove(2).refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        sim.cluster.onProduce(call -> {
            held.add(call);
            if (call.parts().get(0).where().partition() == 1) {
                call.appendAndAnswer();
            }
        });
        sim.loop.advance(Duration.ofMillis(500));
        assertThat(other.isDelivered()).isTrue();
        sim.sent.remove(other);
        sim.completed.remove(other);
        sim.sendAlone(0, "new");
        assertThat(held.stream().filter(call -> call.parts().get(0).where().partition() == 0))
                .as("the new leader gets nothing yet")
                .hasSize(2);
        held.subList(0, 2).forEach(call -> call.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER));
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder();
        assertThat(sim.cluster.log(TOPIC, 0).batches())
                .extracting(RecordBatchHeader::baseSequence)
                .containsExactly(0, 1, 2, 3);
    }

    /** With an old leader that dies. */
    @Test
    @Tag("row-87")
    void newLeaderGetsEverythingAfterTheOldOneIsGone() {
        warm();
        hold();
        sendFive();
        sim.cluster.moveLeader(TOPIC, 0, 2);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.cluster.broker(1).goDown();
        sim.loop.advance(SECOND.multipliedBy(2));
        assertAllDeliveredInOrder();
    }

    @Test
    @Tag("row-88")
    void refusedProducerIdFailsWhatWaitsAndIsAskedForAgain() {
        sim.cluster.failNextIdentities(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        CapturedLog log = CapturedLog.open();
        for (int i = 0; i < 2; i++) {
            Sent refused = sim.sendAlone(0, "refused");
            sim.loop.advance(SECOND);
            assertThat(refused.failure())
                    .isInstanceOf(AuthorizationException.class)
                    .hasMessageContaining("no producer id")
                    .hasMessageContaining("IDEMPOTENT_WRITE");
            assertThat(refused.failure().errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
        Sent third = sim.sendAlone(0, "third");
        sim.loop.advance(SECOND);
        assertThat(third.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("third");
        log.close();
        assertThat(log.lines())
                .containsExactly(
                        "WARN [producer=test] no producer id: error=CLUSTER_AUTHORIZATION_FAILED; records that wait"
                                + " for it fail",
                        "INFO [producer=test] has a producer id again");
    }

    /** What was appended under the old stamp must not get a new one because a later batch is out of sequence. */
    @Test
    void restartDoesNotDoubleWhatMayBeInTheLog() {
        warm();
        List<ProduceCall> held = hold();
        sim.sendAlone(0, "first");
        sim.sendAlone(0, "second");
        held.get(0).append();
        held.get(0).refuse(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        held.get(1).refuse(ErrorCode.UNKNOWN_PRODUCER_ID);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertAllDeliveredInOrder();
    }

    @Test
    @Tag("row-40")
    @Tag("T11")
    void partitionThatMustWaitHoldsUpNoOther() {
        List<ProduceCall> held = hold();
        sim.sendAlone(0, "unestablished");
        sim.loop.advance(Duration.ofMillis(100));
        sim.sendAlone(0, "must wait");
        sim.sendAlone(1, "goes");
        assertThat(held).hasSize(2);
        assertThat(held.get(1).parts()).allMatch(part -> part.where().partition() == 1);
    }
}
