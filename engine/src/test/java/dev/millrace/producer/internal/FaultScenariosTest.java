package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.producer.Fault;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users read when the cluster does what a real one does not do on demand: every stage in which a record may die, and
 * every kind of error. The words are in {@link Fault}.
 */
@Timeout(20)
class FaultScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration ALL_TIME = LIMIT.plusSeconds(1);

    /** A producer that gives up after two seconds, not yet in touch with the cluster. */
    private static SimulatedProducer cold(UnaryOperator<ProducerConfig.Builder> settings) {
        return new SimulatedProducer(
                2,
                config -> settings.apply(config.linger(Duration.ZERO)
                        .maxBlock(LIMIT)
                        .requestTimeout(SECOND)
                        .deliveryTimeout(LIMIT)));
    }

    /** The same with acknowledged records in two partitions of node 1. */
    private static SimulatedProducer warm(UnaryOperator<ProducerConfig.Builder> settings) {
        SimulatedProducer sim = cold(settings);
        sim.cluster.topic(TOPIC, 1, 1);
        sim.send(0, "warm");
        sim.send(1, "warm");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        sim.sent.clear();
        sim.completed.clear();
        return sim;
    }

    private static SimulatedProducer warm() {
        return warm(config -> config);
    }

    private static ProducerException tell(Fault fault, Sent record) {
        ProducerException failure = record.failure();
        fault.isToldBy(failure);
        return failure;
    }

    // While the topic is not known

    @Test
    void tellsThatTheTopicWasMadeAnewWithFewerPartitions() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topic(TOPIC, 1, -1);
        Sent record = sim.send(1, "value");
        sim.loop.advance(SECOND);
        sim.cluster.recreateTopic(TOPIC, 1);
        sim.loop.advance(LIMIT);
        tell(Fault.FEWER_PARTITIONS_NOW, record);
    }

    @Test
    void tellsThatTheClusterDoesNotAnswer() {
        SimulatedProducer sim =
                cold(config -> config.requestTimeout(Duration.ofSeconds(5)).deliveryTimeout(Duration.ofSeconds(10)));
        sim.cluster.broker(1).on(ApiKey.METADATA, request -> {});
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(LIMIT);
        assertThat(tell(Fault.CLUSTER_SAYS_NOTHING, record).stage()).isEqualTo(Stage.METADATA);
    }

    @Test
    void tellsThatTheTopicIsForbidden() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topicError(TOPIC, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        tell(Fault.TOPIC_FORBIDDEN, record);
    }

    @Test
    void tellsThatTheTopicHasNoLeaders() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topicError(TOPIC, ErrorCode.LEADER_NOT_AVAILABLE);
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(LIMIT);
        tell(Fault.TOPIC_WITHOUT_LEADERS, record);
    }

    // While there is no memory

    @Test
    void tellsThatACallbackMayNotWaitForMemory() {
        SimulatedProducer sim = warm(
                config -> config.bufferMemory(16 << 10).maxRequestSize(16 << 10).batchSize(1000));
        List<Sent> inner = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            if (call.onlyBatch().records().size() == 1 && inner.isEmpty()) {
                call.appendAndAnswer();
            }
        });
        sim.send(TOPIC, 0, "trigger", () -> {
            for (int i = 0; i < 6; i++) {
                inner.add(sim.send(0, "x".repeat(3900)));
            }
        });
        sim.loop.advance(Duration.ofMillis(20));
        Sent refused = inner.stream().filter(Sent::isDone).findFirst().orElseThrow();
        assertThat(tell(Fault.BUFFER_EXHAUSTED_IN_CALLBACK, refused).stage()).isEqualTo(Stage.BUFFER);
    }

    // While the record waits in its batch

    @Test
    void tellsThatThePartitionHasNoLeader() {
        SimulatedProducer sim = warm();
        sim.cluster.moveLeader(TOPIC, 0, -1);
        sim.cluster.failNext(TOPIC, 1, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        sim.sendAlone(1, "refreshes");
        sim.loop.advance(SECOND);
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        assertThat(tell(Fault.PARTITION_WITHOUT_LEADER, record).stage()).isEqualTo(Stage.QUEUE);
    }

    @Test
    void tellsThatTheLeaderCannotBeReached() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topic(TOPIC, 2);
        sim.cluster.broker(2).goDown();
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        assertThat(tell(Fault.LEADER_UNREACHABLE, record).mayHaveBeenWritten()).isFalse();
    }

    @Test
    void tellsThatTheLeaderTakesNoConnection() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topic(TOPIC, 2);
        sim.cluster.broker(2).ignoreConnections();
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        tell(Fault.LEADER_TAKES_NO_CONNECTION, record);
    }

    @Test
    void tellsThatThereIsNoProducerId() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topic(TOPIC, 1);
        for (int i = 0; i < 100; i++) {
            sim.cluster.failNextIdentities(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        }
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        tell(Fault.NO_PRODUCER_ID, record);
    }

    @Test
    void tellsThatTheBrokerIsTooSlow() {
        SimulatedProducer sim =
                warm(config -> config.maxInFlight(1).requestTimeout(LIMIT).deliveryTimeout(LIMIT));
        sim.cluster.onProduce(call -> {});
        Sent record = sim.send("late", 1, "value", () -> {}); // older than the request that is in its way
        sim.loop.advance(Duration.ofMillis(100));
        sim.send(0, "fills the window");
        sim.cluster.topic("late", 1, 1);
        sim.loop.advance(ALL_TIME);
        tell(Fault.BROKER_TOO_SLOW, record);
    }

    @Test
    void tellsWhatTheRecordsBeforeWaitFor() {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS));
        sim.sendAlone(0, "first");
        Sent record = sim.sendAlone(0, "second");
        sim.loop.advance(ALL_TIME);
        ProducerException failure = tell(Fault.BEHIND_A_BATCH_THAT_IS_REFUSED, record);
        assertThat(failure.errorCode()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(failure.stage()).isEqualTo(Stage.QUEUE);
        assertThat(failure.mayHaveBeenWritten()).isFalse();
    }

    // While the record is under way

    @Test
    void tellsThatNobodyAnswered() {
        SimulatedProducer sim = warm(config -> config.requestTimeout(LIMIT));
        sim.cluster.onProduce(call -> {});
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(LIMIT);
        ProducerException failure = tell(Fault.NO_ANSWER, record);
        assertThat(failure.stage()).isEqualTo(Stage.IN_FLIGHT);
        assertThat(failure.mayHaveBeenWritten()).isTrue();
    }

    @Test
    void tellsThatTheConnectionIsCutAgainAndAgain() {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> call.request().closeConnection());
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        assertThat(tell(Fault.CONNECTION_CUT, record).mayHaveBeenWritten()).isTrue();
    }

    @Test
    void tellsThatTheAnswersAreUnreadable() {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> call.request().answerRaw((byte) 0, (byte) 0x7f, (byte) 1, (byte) 2));
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        tell(Fault.UNREADABLE_ANSWER, record);
    }

    static Stream<Arguments> passing() {
        return Stream.of(
                Arguments.of(Fault.NOT_ENOUGH_REPLICAS, ErrorCode.NOT_ENOUGH_REPLICAS, false),
                Arguments.of(Fault.TOO_FEW_REPLICAS_AFTER_APPEND, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, true),
                Arguments.of(Fault.BROKER_NOT_LEADER, ErrorCode.NOT_LEADER_OR_FOLLOWER, true),
                Arguments.of(Fault.BROKER_WITHOUT_DISK, ErrorCode.KAFKA_STORAGE_ERROR, true),
                Arguments.of(Fault.BYTES_CHANGED_ON_THEIR_WAY, ErrorCode.CORRUPT_MESSAGE, false),
                Arguments.of(Fault.BROKER_KNOWS_NO_SUCH_TOPIC, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, false));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void tellsTheLastErrorOfTheBroker(Fault fault, ErrorCode error, boolean perhapsWritten) {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> call.refuse(error));
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        ProducerException failure = tell(fault, record);
        assertThat(failure.errorCode()).isEqualTo(error);
        assertThat(failure.stage()).isEqualTo(Stage.IN_FLIGHT);
        assertThat(failure.mayHaveBeenWritten()).isEqualTo(perhapsWritten);
    }

    @Test
    void tellsThatTheOnlyAttemptWasLost() {
        SimulatedProducer sim = warm(config -> config.retries(1));
        sim.cluster.onProduce(call -> call.request().closeConnection());
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        tell(Fault.RETRIES_EXHAUSTED_BY_CUTS, record);
    }

    @Test
    void tellsThatTheSequencesNeverFit() {
        SimulatedProducer sim = warm(config -> config.retries(3));
        sim.cluster.onProduce(call -> call.refuse(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(ALL_TIME);
        tell(Fault.SEQUENCES_NEVER_FIT, record);
    }

    // Where the broker refuses

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Fault.WRITE_FORBIDDEN, ErrorCode.TOPIC_AUTHORIZATION_FAILED),
                Arguments.of(Fault.CLUSTER_FORBIDDEN, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
                Arguments.of(Fault.BROKER_REFUSES_THE_TOPIC, ErrorCode.INVALID_TOPIC_EXCEPTION),
                Arguments.of(Fault.INVALID_RECORD_WITHOUT_WORDS, ErrorCode.INVALID_RECORD),
                Arguments.of(Fault.INVALID_TIMESTAMP, ErrorCode.INVALID_TIMESTAMP),
                Arguments.of(Fault.POLICY_VIOLATION, ErrorCode.POLICY_VIOLATION),
                Arguments.of(Fault.UNKNOWN_CODEC, ErrorCode.UNSUPPORTED_COMPRESSION_TYPE),
                Arguments.of(Fault.OLD_MESSAGE_FORMAT, ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT),
                Arguments.of(Fault.BROKER_REFUSES_THE_VERSION, ErrorCode.UNSUPPORTED_VERSION),
                Arguments.of(Fault.BROKER_REFUSES_THE_REQUEST, ErrorCode.INVALID_REQUEST),
                Arguments.of(Fault.BROKER_REFUSES_THE_ACKS, ErrorCode.INVALID_REQUIRED_ACKS),
                Arguments.of(Fault.BROKER_FAILS, ErrorCode.UNKNOWN_SERVER_ERROR));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void tellsWhyTheBrokerRefuses(Fault fault, ErrorCode error) {
        SimulatedProducer sim = warm();
        sim.cluster.failNext(TOPIC, 0, error);
        ProducerException failure = tell(fault, sim.sendAlone(0, "value"));
        assertThat(failure.errorCode()).isEqualTo(error);
        assertThat(sim.sendAlone(0, "next").isDelivered()).isTrue();
    }

    @Test
    void tellsEachRecordOfABatchWhatIsItsOwn() {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> call.answer(List.of(new PartitionResult(
                0,
                ErrorCode.INVALID_RECORD,
                -1,
                -1,
                0,
                List.of(new RecordError(0, "Compacted topic cannot accept message without key")),
                null,
                LeaderHint.NONE))));
        Sent keyless = sim.send(0, "keyless");
        Sent innocent = sim.send(0, "innocent");
        sim.loop.advance(Duration.ofMillis(1));
        tell(Fault.INVALID_RECORD, keyless);
        tell(Fault.BESIDE_AN_INVALID_RECORD, innocent);
    }

    /** Its pieces could be a second copy, so it is not split. */
    @Test
    void tellsThatABatchThatMayBeInTheLogIsTooLarge() {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> {
            boolean first = call.onlyBatch().header().baseSequence() == 1
                    && sim.cluster.produceCalls().size() <= 3;
            call.refuse(first ? ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND : ErrorCode.MESSAGE_TOO_LARGE);
        });
        Sent record = sim.send(0, "first");
        sim.send(0, "second");
        sim.loop.advance(SECOND);
        assertThat(tell(Fault.TOO_LARGE_AND_PERHAPS_WRITTEN, record).mayHaveBeenWritten())
                .isTrue();
    }

    @Test
    void tellsThatTheProducerIdIsRefused() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.failNextIdentities(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(SECOND);
        tell(Fault.PRODUCER_ID_REFUSED, record);
    }

    @Test
    void tellsThatTheBrokerIsTooOld() {
        SimulatedProducer sim = cold(config -> config);
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.broker(1).speaks(ApiKey.PRODUCE, 0, 6);
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(SECOND);
        tell(Fault.BROKER_TOO_OLD, record);
    }

    /** The cluster was rolled back while the record waited for its answer. */
    @Test
    void tellsThatTheBrokerIsTooOldByNow() {
        SimulatedProducer sim = warm();
        sim.cluster.onProduce(call -> {
            call.append();
            call.request().closeConnection();
            sim.cluster.broker(1).speaks(ApiKey.PRODUCE, 0, 6);
        });
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(SECOND);
        assertThat(tell(Fault.BROKER_TOO_OLD_BY_NOW, record).mayHaveBeenWritten())
                .isTrue();
    }

    // Where the program ends

    @Test
    void tellsWhatTheCloseEnds() {
        SimulatedProducer sim = warm(config -> config.batchSize(1));
        sim.cluster.onProduce(call -> {});
        List<Sent> records = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            records.add(sim.sendAlone(0, "value"));
        }
        sim.close(Duration.ZERO);
        assertThat(tell(Fault.CLOSED_IN_FLIGHT, records.get(0)).mayHaveBeenWritten())
                .isTrue();
        assertThat(tell(Fault.CLOSED_IN_QUEUE, records.get(5)).mayHaveBeenWritten())
                .isFalse();
    }

    @Test
    void tellsThatACloseTakesNoNegativeTime() {
        SimulatedProducer sim = warm();
        Fault.CLOSED_WITH_NEGATIVE_TIMEOUT.isToldBy(catchThrowable(() -> sim.producer.close(Duration.ofMillis(-1))));
    }

    @Test
    void tellsThatTheWaitForMemoryWasInterrupted() throws Exception {
        SimulatedProducer sim = warm(
                config -> config.bufferMemory(16 << 10).maxRequestSize(16 << 10).batchSize(1000));
        sim.cluster.onProduce(call -> {});
        for (int i = 0; i < 4; i++) {
            sim.send(0, "x".repeat(3900));
        }
        List<Sent> refused = new ArrayList<>();
        Thread sender = new Thread(() -> {
            Thread.currentThread().interrupt();
            refused.add(sim.send(0, "x".repeat(3900)));
        });
        sender.start();
        sender.join();
        sim.loop.runReady();
        tell(Fault.INTERRUPTED, refused.get(0));
    }
}
