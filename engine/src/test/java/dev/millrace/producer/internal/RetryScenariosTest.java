package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.Acks;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What brokers answer, or do not, and what becomes of the records. */
class RetryScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration BACKOFF = Duration.ofMillis(100);

    private final SimulatedProducer sim = warm(new SimulatedProducer(2, config -> config.linger(Duration.ZERO)));

    /** A producer to partitions 0 and 1 of node 1, both with an acknowledged batch. */
    private static SimulatedProducer warm(SimulatedProducer sim) {
        sim.cluster.topic(TOPIC, 1, 1);
        sim.send(0, "warm");
        sim.send(1, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        sim.sent.clear();
        sim.completed.clear();
        return sim;
    }

    static Stream<ErrorCode> retriable() {
        return Stream.of(ErrorCode.values()).filter(ErrorCode::isRetriable);
    }

    @ParameterizedTest
    @Tag("row-56")
    @MethodSource("retriable")
    void passingErrorIsRetriedAfterTheBackoff(ErrorCode error) {
        sim.cluster.failNext(TOPIC, 0, error);
        Sent record = sim.sendAlone(0, "again");
        int calls = sim.cluster.produceCalls().size();
        sim.loop.advance(BACKOFF.minusMillis(1));
        assertThat(sim.cluster.produceCalls()).hasSize(calls);
        assertThat(record.isDone()).isFalse();
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(record.isDelivered()).isTrue();
        assertThat(record.calls).isOne();
        assertThat(sim.log(0)).containsExactly("warm", "again");
    }

    static Stream<ErrorCode> rejected() {
        Set<ErrorCode> withReactionsOfTheirOwn = EnumSet.of(
                ErrorCode.NONE,
                ErrorCode.DUPLICATE_SEQUENCE_NUMBER,
                ErrorCode.MESSAGE_TOO_LARGE,
                ErrorCode.RECORD_LIST_TOO_LARGE,
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                ErrorCode.UNKNOWN_PRODUCER_ID,
                ErrorCode.INVALID_PRODUCER_EPOCH);
        return Stream.of(ErrorCode.values())
                .filter(error -> !error.isRetriable() && !withReactionsOfTheirOwn.contains(error));
    }

    @ParameterizedTest
    @Tag("row-57")
    @MethodSource("rejected")
    void finalErrorFailsTheRecordAtOnceAndTheNextSucceeds(ErrorCode error) {
        sim.cluster.failNext(TOPIC, 0, error);
        Sent refused = sim.sendAlone(0, "refused");
        boolean isPermission =
                error == ErrorCode.TOPIC_AUTHORIZATION_FAILED || error == ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        assertThat(refused.failure())
                .isInstanceOf(isPermission ? AuthorizationException.class : RecordRejectedException.class)
                .hasMessageContaining("node 1")
                .hasMessageContaining(error.toString());
        assertThat(refused.failure().errorCode()).isEqualTo(error);
        Sent next = sim.sendAlone(0, "next");
        assertThat(next.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("warm", "next");
    }

    @Test
    @Tag("row-60")
    void brokerThatDoesNotAnswerLosesTheConnectionAndTheRecordsGoAgain() {
        SimulatedProducer strict = warm(new SimulatedProducer(
                1,
                config -> config.linger(Duration.ZERO).requestTimeout(SECOND).deliveryTimeout(SECOND.multipliedBy(5))));
        strict.cluster.onProduce(call -> {});
        strict.sendAlone(0, "a");
        strict.sendAlone(0, "b");
        int calls = strict.cluster.produceCalls().size();
        strict.loop.advance(SECOND.minusMillis(1));
        assertThat(strict.cluster.produceCalls()).hasSize(calls);
        strict.cluster.onProduce(ProduceCall::appendAndAnswer);
        strict.loop.advance(SECOND);
        assertThat(strict.completed).isEqualTo(strict.sent).allMatch(Sent::isDelivered);
        assertThat(strict.log(0)).containsExactly("warm", "a", "b");
    }

    /** The memory comes back once, after the late answer. */
    @Test
    @Tag("row-45")
    @Tag("row-61")
    void silentBrokerFailsAllRecordsAtTheDeliveryTimeoutInOrder() {
        SimulatedProducer strict = warm(new SimulatedProducer(1, config -> config.linger(Duration.ZERO)
                .requestTimeout(Duration.ofSeconds(2))
                .deliveryTimeout(Duration.ofSeconds(3))));
        List<ProduceCall> late = new ArrayList<>();
        strict.cluster.onProduce(late::add);
        for (int i = 0; i < 8; i++) {
            strict.sendAlone(0, "r" + i);
        }
        strict.loop.advance(Duration.ofMillis(2999));
        assertThat(strict.sent).noneMatch(Sent::isDone);
        strict.loop.advance(Duration.ofMillis(1));
        assertThat(strict.completed).as("alone in its batch").containsExactly(strict.sent.get(0));
        strict.loop.advance(Duration.ofMillis(150)); // those behind it were in a batch that stayed open
        assertThat(strict.completed).isEqualTo(strict.sent);
        assertThat(strict.sent).allSatisfy(record -> assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("app.producer.delivery-timeout"));
        late.forEach(ProduceCall::appendAndAnswer);
        strict.cluster.onProduce(ProduceCall::appendAndAnswer);
        strict.loop.advance(SECOND.multipliedBy(5));
        assertThat(strict.pool.usage().usedBytes()).isZero();
        Sent next = strict.sendAlone(0, "next");
        strict.loop.advance(SECOND);
        assertThat(next.isDelivered()).isTrue();
    }

    @Test
    @Tag("row-62")
    void recordWithoutLeaderFailsAtTheDeliveryTimeout() {
        sim.cluster.moveLeader(TOPIC, 0, -1);
        sim.cluster.failNext(TOPIC, 1, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        sim.sendAlone(1, "refreshes");
        sim.loop.advance(SECOND);
        Sent record = sim.sendAlone(0, "stuck");
        sim.loop.advance(Duration.ofSeconds(119));
        assertThat(record.isDone()).isFalse();
        sim.loop.advance(SECOND);
        assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("record not sent within 120000 ms")
                .hasMessageContaining("obstacle=the partition has no leader");
        assertThat(record.failure().stage()).isEqualTo(Stage.QUEUE);
        assertThat(record.failure().mayHaveBeenWritten()).isFalse();
    }

    @Test
    void deliveryTimeoutNamesAConnectionThatCannotBeMade() {
        SimulatedProducer lonely = new SimulatedProducer(2, config -> config.linger(Duration.ZERO));
        lonely.cluster.topic(TOPIC, 2);
        lonely.cluster.broker(2).goDown();
        Sent record = lonely.sendAlone(0, "stuck");
        lonely.loop.advance(Duration.ofSeconds(121));
        assertThat(record.failure())
                .hasMessageContaining("record not sent within")
                .hasMessageContaining("node 2 at b2:9092: nothing listens at b2:9092 (connection refused)");
    }

    @Test
    void deliveryTimeoutNamesAMissingProducerId() {
        SimulatedProducer nameless = new SimulatedProducer(1, config -> config.linger(Duration.ZERO));
        nameless.cluster.topic(TOPIC, 1);
        for (int i = 0; i < 1000; i++) {
            nameless.cluster.failNextIdentities(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        }
        Sent record = nameless.sendAlone(0, "stuck");
        nameless.loop.advance(Duration.ofSeconds(121));
        assertThat(record.failure()).hasMessageContaining("obstacle=the cluster has given no producer id");
    }

    @Test
    void deliveryTimeoutInFlightSaysThatTheRecordMayHaveBeenWritten() {
        sim.cluster.onProduce(call -> {});
        Sent record = sim.sendAlone(0, "in flight");
        sim.loop.advance(Duration.ofSeconds(121));
        assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("record not delivered within 120000 ms")
                .hasMessageContaining("the record may have been written");
        assertThat(record.failure().stage()).isEqualTo(Stage.IN_FLIGHT);
        assertThat(record.failure().mayHaveBeenWritten()).isTrue();
    }

    @Test
    void deliveryTimeoutBetweenRetriesNamesTheLastError() {
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS));
        Sent record = sim.sendAlone(0, "retried");
        sim.loop.advance(Duration.ofSeconds(121));
        assertThat(record.failure())
                .hasMessageContaining("last=NOT_ENOUGH_REPLICAS node=1")
                .hasMessageContaining("the record was not written");
        assertThat(record.failure().errorCode()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    }

    @Test
    @Tag("row-64")
    void retriesRunOut() {
        SimulatedProducer impatient = warm(
                new SimulatedProducer(1, config -> config.linger(Duration.ZERO).retries(2)));
        int before = impatient.cluster.produceCalls().size();
        impatient.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS));
        Sent record = impatient.sendAlone(0, "refused");
        impatient.loop.advance(SECOND.multipliedBy(5));
        assertThat(impatient.cluster.produceCalls()).hasSize(before + 3);
        assertThat(record.failure())
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("after 3 attempts")
                .hasMessageContaining("NOT_ENOUGH_REPLICAS")
                .hasMessageContaining("app.producer.retries");
    }

    @Test
    @Tag("row-66")
    void withoutAcksRecordsAreDoneWhenTheyAreWritten() {
        SimulatedProducer careless =
                new SimulatedProducer(1, config -> config.linger(Duration.ZERO).acks(Acks.NONE));
        careless.cluster.topic(TOPIC, 1);
        Sent first = careless.sendAlone(0, "first");
        careless.loop.advance(SECOND);
        assertThat(first.offset()).isEqualTo(RecordMetadata.NO_OFFSET);
        careless.cluster.onProduce(call -> call.request().closeConnection());
        Sent lost = careless.sendAlone(0, "lost");
        assertThat(lost.offset()).isEqualTo(RecordMetadata.NO_OFFSET);
        careless.cluster.onProduce(ProduceCall::appendAndAnswer);
        careless.loop.advance(SECOND);
        Sent after = careless.sendAlone(0, "after");
        careless.loop.advance(SECOND);
        assertThat(after.isDelivered()).isTrue();
        assertThat(careless.log(0)).containsExactly("first", "after");
        assertThat(careless.pool.usage().usedBytes()).isZero();
    }

    /** With any number of requests in flight. */
    @ParameterizedTest
    @Tag("row-41")
    @EnumSource(
            value = Acks.class,
            names = {"LEADER", "ALL"})
    void withoutIdempotenceRetriesKeepTheOrder(Acks acks) {
        SimulatedProducer plain = new SimulatedProducer(
                1, config -> config.linger(Duration.ZERO).idempotence(false).acks(acks));
        plain.cluster.topic(TOPIC, 1);
        plain.loop.advance(SECOND);
        plain.cluster.failNext(
                TOPIC,
                0,
                ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.NONE,
                ErrorCode.REQUEST_TIMED_OUT);
        for (int i = 0; i < 6; i++) {
            plain.sendAlone(0, "r" + i);
            plain.loop.advance(Duration.ofMillis(60));
        }
        plain.loop.advance(SECOND.multipliedBy(3));
        assertThat(plain.completed).isEqualTo(plain.sent).allMatch(Sent::isDelivered);
        assertThat(plain.log(0)).isEqualTo(SimulatedProducer.values(plain.sent));
        assertThat(plain.cluster.log(TOPIC, 0).batches()).allMatch(batch -> batch.producerId() == -1);
    }

    @Test
    @Tag("row-71")
    void recordsTheBrokerFindsFaultWithAreToldApart() {
        sim.cluster.onProduce(call -> call.answer(List.of(new PartitionResult(
                0,
                ErrorCode.INVALID_RECORD,
                -1,
                -1,
                0,
                List.of(new RecordError(0, "no key"), new RecordError(2, "bad timestamp")),
                "2 of 3",
                LeaderHint.NONE))));
        sim.send(0, "keyless");
        sim.send(0, "innocent");
        sim.send(0, "untimely");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.sent.get(0).failure())
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("no key");
        assertThat(sim.sent.get(1).failure()).isInstanceOf(RetriableException.class);
        assertThat(sim.sent.get(2).failure())
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("bad timestamp");
    }

    @Test
    @Tag("row-71")
    void theOneRecordTheBrokerFindsFaultWithIsToldWhy() {
        sim.cluster.onProduce(call -> call.answer(List.of(new PartitionResult(
                0,
                ErrorCode.INVALID_RECORD,
                -1,
                -1,
                0,
                List.of(new RecordError(1, "no key")),
                "1 of 2",
                LeaderHint.NONE))));
        sim.send(0, "innocent");
        sim.send(0, "keyless");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.sent.get(0).failure())
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("sent again it may succeed");
        assertThat(sim.sent.get(1).failure())
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("no key");
        assertThat(sim.sent)
                .allSatisfy(record -> assertThat(record.failure().errorCode()).isEqualTo(ErrorCode.INVALID_RECORD));
    }

    @Test
    @Tag("row-72")
    void duplicateTheBrokerHasForgottenIsDeliveredWithoutOffset() {
        sim.cluster.failNext(TOPIC, 0, ErrorCode.DUPLICATE_SEQUENCE_NUMBER);
        assertThat(sim.sendAlone(0, "twice").offset()).isEqualTo(RecordMetadata.NO_OFFSET);
    }

    @Test
    @Tag("row-73")
    void timestampIsTheBrokersWhereTheTopicSaysSo() {
        Sent own = sim.sendAlone(0, "own time");
        sim.cluster.onProduce(call -> call.answer(
                List.of(new PartitionResult(0, ErrorCode.NONE, 17, 4242, 0, List.of(), null, LeaderHint.NONE))));
        Sent appended = sim.sendAlone(0, "append time");
        assertThat(Objects.requireNonNull(own.metadata).timestamp())
                .isEqualTo(SimulatedProducer.START_MILLIS + sim.loop.elapsed().toMillis());
        assertThat(Objects.requireNonNull(appended.metadata).timestamp()).isEqualTo(4242);
        assertThat(appended.offset()).isEqualTo(17);
    }

    /** Same identity, sequence and checksum, original offset. */
    @Test
    @Tag("row-77")
    void connectionCutAfterTheAppendDoublesNothing() {
        sim.cluster.onProduce(call -> {
            call.append();
            call.request().closeConnection();
        });
        Sent record = sim.sendAlone(0, "once");
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        List<ProduceCall> calls = sim.cluster.produceCalls();
        ProduceCall first = calls.get(calls.size() - 2);
        ProduceCall second = calls.get(calls.size() - 1);
        assertThat(second.onlyBatch().header()).isEqualTo(first.onlyBatch().header());
        assertThat(record.offset()).isEqualTo(1);
        assertThat(sim.log(0)).containsExactly("warm", "once");
    }

    private static PartitionResult ok(int partition) {
        return ProduceCall.result(partition, ErrorCode.NONE, 1);
    }

    @Test
    void answerThatLacksAPartitionCostsTheConnectionAndNoRecord() {
        sim.cluster.onProduce(call -> {
            call.append();
            call.answer(call.append().subList(0, 1));
        });
        sim.send(0, "a");
        sim.send(1, "b");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.sent.get(0).isDelivered()).isTrue();
        assertEndsWell(sim);
    }

    @Test
    void answerThatNamesAPartitionTwiceCostsTheConnectionAndNoRecord() {
        sim.cluster.onProduce(call -> call.answer(List.of(call.append().get(0), ok(0))));
        sim.send(0, "a");
        sim.loop.advance(Duration.ofMillis(1));
        assertThat(sim.sent.get(0).calls).isOne();
        assertEndsWell(sim);
    }

    @Test
    void answerForAPartitionNobodyAskedForCostsTheConnectionAndNoRecord() {
        sim.cluster.onProduce(call -> {
            call.append();
            call.answer(List.of(ok(17)));
        });
        sim.send(0, "a");
        sim.loop.advance(Duration.ofMillis(1));
        assertEndsWell(sim);
    }

    @Test
    @Tag("T9")
    void unreadableAnswerCostsTheConnectionAndNoRecord() {
        sim.cluster.onProduce(call -> {
            call.append();
            call.request().answerRaw((byte) 0, (byte) 0x7f, (byte) 1, (byte) 2);
        });
        sim.sendAlone(0, "a");
        sim.sendAlone(0, "b");
        assertEndsWell(sim);
    }

    @Test
    @Tag("row-14")
    @Tag("T9")
    void answerThatBelongsToNobodyCostsTheConnectionAndNoRecord() {
        sim.cluster.onProduce(call -> {
            call.append();
            call.request().answerAs(call.request().header().correlationId() + 1, out -> {});
        });
        sim.sendAlone(0, "a");
        sim.sendAlone(0, "b");
        assertEndsWell(sim);
    }

    private static void assertEndsWell(SimulatedProducer sim) {
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        sim.sendAlone(0, "after");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered).allMatch(record -> record.calls == 1);
        assertThat(sim.log(0)).doesNotHaveDuplicates().endsWith("after");
        assertThat(sim.log(1)).doesNotHaveDuplicates();
        assertThat(sim.cluster.broker(1).connections()).as("data and metadata").isEqualTo(2);
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }
}
