package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.TransactionWorld.CLASSIC;
import static dev.millrace.producer.internal.TransactionWorld.IMPLICIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionOutcome.Fenced;
import dev.millrace.producer.TransactionOutcome.Unknown;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.CoordinatorType;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.simulation.CoordinatorCall;
import dev.millrace.producer.internal.simulation.SimulatedCoordinators;
import dev.millrace.producer.internal.simulation.TransactionPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Coordinators that move, die, are silent or still busy; in both protocols where both are concerned. */
class CoordinatorScenariosTest {

    private static final Duration MAX_BLOCK = Duration.ofSeconds(10);
    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata(TransactionWorld.GROUP);

    /** What happens to a coordinator at the moment a request arrives. */
    enum Mishap {
        MOVES_AWAY,
        DIES_BEFORE_IT_ACTS,
        DIES_BEFORE_IT_ANSWERS
    }

    static Stream<Arguments> mishaps() {
        List<Arguments> all = new ArrayList<>();
        List<ApiKey> classic = List.of(
                ApiKey.FIND_COORDINATOR,
                ApiKey.INIT_PRODUCER_ID,
                ApiKey.ADD_PARTITIONS_TO_TXN,
                ApiKey.ADD_OFFSETS_TO_TXN,
                ApiKey.TXN_OFFSET_COMMIT,
                ApiKey.END_TXN);
        List<ApiKey> implicit =
                List.of(ApiKey.FIND_COORDINATOR, ApiKey.INIT_PRODUCER_ID, ApiKey.TXN_OFFSET_COMMIT, ApiKey.END_TXN);
        for (Mishap mishap : Mishap.values()) {
            classic.forEach(api -> all.add(Arguments.of(CLASSIC, api, mishap)));
            implicit.forEach(api -> all.add(Arguments.of(IMPLICIT, api, mishap)));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("mishaps")
    @Tag("row-100")
    void coordinatorIsFoundAgainDuringEachRequest(int version, ApiKey api, Mishap mishap) {
        TransactionWorld world = new TransactionWorld(version);
        once(world, api, call -> meet(world, call, mishap));
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        process.done(process.sendOffset(7, GROUP));
        assertThat(process.commit()).isInstanceOf(Committed.class);
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();

        assertThat(world.committed(0)).containsExactly("first", "second");
        assertThat(world.committedOffset()).isEqualTo(7);
        assertThat(world.loop.elapsed()).as("nobody waited for a timeout").isLessThan(Duration.ofSeconds(10));
    }

    private static void meet(TransactionWorld world, CoordinatorCall call, Mishap mishap) {
        if (mishap == Mishap.DIES_BEFORE_IT_ANSWERS) {
            call.carryOut();
        }
        world.cluster.coordinators().move(CoordinatorType.TRANSACTION, TransactionWorld.ID, 2);
        world.cluster.coordinators().move(CoordinatorType.GROUP, TransactionWorld.GROUP, 2);
        if (mishap == Mishap.MOVES_AWAY) {
            call.carryOutAndAnswer();
        } else {
            world.cluster.broker(call.nodeId()).goDown();
        }
    }

    /** Does something with the first request of an API only. */
    private static void once(TransactionWorld world, ApiKey api, java.util.function.Consumer<CoordinatorCall> script) {
        SimulatedCoordinators coordinators = world.cluster.coordinators();
        coordinators.on(api, call -> {
            coordinators.on(api, CoordinatorCall::carryOutAndAnswer);
            script.accept(call);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    @Tag("row-100")
    void coordinatorThatReadsItsLogIsAwaited(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        world.cluster.coordinators().move(CoordinatorType.TRANSACTION, TransactionWorld.ID, 3, Duration.ofSeconds(3));
        assertThat(process.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first");
    }

    @Test
    @Tag("row-94")
    void partitionsAreAddedAsSoonAsTheLastTransactionIsMarked() {
        TransactionWorld world = new TransactionWorld(CLASSIC);
        SimulatedProcess process = world.start().ready();
        assertThat(process.commitOne("first")).isInstanceOf(Committed.class);
        world.cluster
                .coordinators()
                .failNext(
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        ErrorCode.CONCURRENT_TRANSACTIONS,
                        ErrorCode.CONCURRENT_TRANSACTIONS,
                        ErrorCode.CONCURRENT_TRANSACTIONS,
                        ErrorCode.CONCURRENT_TRANSACTIONS,
                        ErrorCode.CONCURRENT_TRANSACTIONS);
        int before =
                world.cluster.coordinators().calls(ApiKey.ADD_PARTITIONS_TO_TXN).size();
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();

        List<Long> arrivals = world.cluster.coordinators().calls(ApiKey.ADD_PARTITIONS_TO_TXN).stream()
                .skip(before)
                .map(call -> call.request().arrivedAt().toMillis())
                .toList();
        assertThat(arrivals).hasSize(6);
        for (int i = 1; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i) - arrivals.get(i - 1)).isEqualTo(20);
        }
        assertThat(world.committed(0)).containsExactly("first", "second");
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    @Tag("row-94")
    void transactionsFollowEachOtherWhileMarksAreSlow(int version) {
        TransactionWorld world = new TransactionWorld(version);
        world.cluster.transactions().markersTake(() -> Duration.ofMillis(250));
        SimulatedProcess process = world.start().ready();
        List<String> values = List.of("first", "second", "third");
        values.forEach(value -> assertThat(process.commitOne(value)).isInstanceOf(Committed.class));
        world.loop.advance(Duration.ofMillis(250));
        assertThat(world.committed(0)).isEqualTo(values);
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    @Tag("row-99")
    void endThatWasCarriedOutAndNotAnsweredIsAcceptedAgain(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = world.start().ready();
        once(world, ApiKey.END_TXN, call -> {
            call.carryOut();
            call.request().closeConnection();
        });
        assertThat(process.commitOne("first")).isInstanceOf(Committed.class);
        short epoch = world.cluster.transactions().epoch(TransactionWorld.ID);
        assertThat(epoch).as("the next transaction has an epoch of its own").isEqualTo((short) 1);
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();

        assertThat(world.cluster.coordinators().calls(ApiKey.END_TXN)).hasSize(3);
        assertThat(world.committed(0)).containsExactly("first", "second");
        assertThat(world.cluster.log(TransactionWorld.TOPIC, 0).batches())
                .extracting(batch -> batch.producerEpoch() + "/" + batch.baseSequence())
                .containsExactly("0/0", "1/0");
    }

    @Test
    @Tag("row-99")
    void lastEpochIsFollowedByAnotherProducerIdAlsoIfTheAnswerIsLost() {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        SimulatedProcess first = world.start().ready();
        first.producer.close(Duration.ZERO);
        world.cluster.transactions().epoch(TransactionWorld.ID, Short.MAX_VALUE - 2);
        SimulatedProcess process = world.start().ready();
        long producerId = world.cluster.transactions().producerId(TransactionWorld.ID);
        once(world, ApiKey.END_TXN, call -> {
            call.carryOut();
            call.request().closeConnection();
        });
        assertThat(process.commitOne("first")).isInstanceOf(Committed.class);
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();

        assertThat(world.cluster.transactions().producerId(TransactionWorld.ID)).isNotEqualTo(producerId);
        assertThat(world.committed(0)).containsExactly("first", "second");
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    @Tag("row-98")
    void commitOfWhichNothingIsHeardMayBeRepeatedAndNothingElse(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = start(world);
        SimulatedCoordinators coordinators = world.cluster.coordinators();
        coordinators.on(ApiKey.END_TXN, CoordinatorCall::carryOut);
        Duration begin = world.loop.elapsed();
        TransactionOutcome outcome = process.commitOne("first");
        assertThat(outcome).isInstanceOf(Unknown.class);
        assertThat(world.loop.elapsed().minus(begin)).isEqualTo(MAX_BLOCK);
        assertThat(process.state()).isEqualTo(TransactionState.COMMITTING);
        assertThat(process.failure(process.producer.abortAsync())).isInstanceOf(IllegalStateException.class);
        assertThat(process.failure(process.producer.beginAsync()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("resolve");
        assertThat(process.commit()).as("nothing is heard still").isInstanceOf(Unknown.class);

        coordinators.on(ApiKey.END_TXN, CoordinatorCall::carryOutAndAnswer);
        CompletableFuture<TransactionOutcome> again = process.producer.commitAsync();
        CompletableFuture<TransactionOutcome> resolved = ((Unknown) outcome).resolve();
        assertThat(process.done(again)).isInstanceOf(Committed.class);
        assertThat(process.done(resolved)).isInstanceOf(Committed.class);
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first", "second");
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    @Tag("row-98")
    void commitThatTheCoordinatorNeverGotIsCarriedOutWhenItAnswersAgain(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = start(world);
        world.cluster.coordinators().on(ApiKey.END_TXN, call -> {});
        Unknown outcome = (Unknown) process.commitOne("first");
        assertThat(outcome.cause().mayHaveBeenWritten()).isTrue();
        world.cluster.coordinators().on(ApiKey.END_TXN, CoordinatorCall::carryOutAndAnswer);
        assertThat(process.done(outcome.resolve())).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first");
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    void commitIsSaidToBeUnknownOnlyIfTheCoordinatorWasAsked(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = start(world);
        process.begin();
        process.deliver(0, "first");
        world.cluster.broker(1).goDown();
        assertThat(process.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> {
            assertThat(aborted.cause()).hasMessageContaining("max-block");
            assertThat(aborted.confirmed()).isFalse();
        });
        world.cluster.broker(1).comeUp();
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("second");
    }

    @Test
    void commitThatCameTooLateAndIsDoubtfulIsKnownToBeAbortedWhereTheCoordinatorCanTell() {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        SimulatedProcess process = start(world);
        world.cluster.coordinators().on(ApiKey.END_TXN, call -> {});
        Unknown outcome = (Unknown) process.commitOne("first");
        world.loop.advance(Duration.ofSeconds(60)); // the transaction timeout
        assertThat(world.cluster.transactions().phase(TransactionWorld.ID)).isEqualTo(TransactionPhase.COMPLETE_ABORT);
        world.cluster.coordinators().on(ApiKey.END_TXN, CoordinatorCall::carryOutAndAnswer);
        assertThat(process.done(outcome.resolve())).isInstanceOf(Aborted.class);
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("second");
    }

    @Test
    void outcomeStaysUnknownWhereTheCoordinatorCannotTell() {
        TransactionWorld world = new TransactionWorld(CLASSIC);
        SimulatedProcess process = start(world);
        world.cluster.coordinators().on(ApiKey.END_TXN, call -> {});
        Unknown outcome = (Unknown) process.commitOne("first");
        world.loop.advance(Duration.ofSeconds(60)); // the transaction timeout
        world.cluster.coordinators().on(ApiKey.END_TXN, CoordinatorCall::carryOutAndAnswer);
        assertThat(process.done(outcome.resolve())).isInstanceOf(Unknown.class);
        assertThat(process.state()).isEqualTo(TransactionState.FAILED);
    }

    @Test
    void transactionThatTookTooLongIsAbortedAndTheProducerGoesOnWhereItCanProveThatNobodyCameAfterIt() {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        world.loop.advance(Duration.ofSeconds(61));
        assertThat(process.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.cause())
                .hasMessageContaining("(transaction.timeout.ms)=60000 ms"));
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("second");
    }

    @Test
    void transactionThatTookTooLongFencesItsProducerWhereItCannotProveThat() {
        TransactionWorld world = new TransactionWorld(CLASSIC);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        world.loop.advance(Duration.ofSeconds(61));
        assertThat(process.commit()).isInstanceOfSatisfying(Fenced.class, fenced -> assertThat(fenced.cause())
                .hasMessageContaining("probably because its transaction took too long")
                .hasMessageContaining("has been open for 61")
                .hasMessageContaining("(transaction.timeout.ms)=60000 ms")
                .hasMessageContaining("open a new one"));
        assertThat(process.state()).isEqualTo(TransactionState.FAILED);
        assertThat(world.committed(0)).isEmpty();
        SimulatedProcess next = world.start().ready();
        assertThat(next.commitOne("second")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("second");
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    void abortOfATransactionThatTookTooLongWorks(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        world.loop.advance(Duration.ofSeconds(61));
        TransactionOutcome outcome = process.abort();
        if (version == IMPLICIT) {
            assertThat(outcome).isEqualTo(new Aborted(null, true));
            assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        } else {
            assertThat(outcome).isInstanceOf(Fenced.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    void successorFencesWhoeverWasThereBefore(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess older = world.start().ready();
        older.begin();
        older.deliver(0, "of the older");
        SimulatedProcess newer = world.start().ready();
        assertThat(newer.commitOne("of the newer")).isInstanceOf(Committed.class);
        assertThat(older.commit()).isInstanceOfSatisfying(Fenced.class, fenced -> assertThat(fenced.cause())
                .hasMessageContaining("another one uses the transactional id")
                .hasMessageContaining("(transactional.id)")
                .hasMessageNotContaining("took too long"));
        assertThat(older.state()).isEqualTo(TransactionState.FAILED);
        assertThat(newer.commitOne("of the newer, again")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("of the newer", "of the newer, again");
    }

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    @Tag("row-97")
    void whoeverWasReplacedDoesNotHurtWhatItsSuccessorHasOpen(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess older = world.start().ready();
        older.begin();
        older.deliver(0, "of the older");
        SimulatedProcess newer = world.start().ready();
        newer.begin();
        newer.deliver(0, "of the newer");
        assertThat(older.failure(older.send(0, "of the older, late"))).isNotNull();
        assertThat(older.commit()).isInstanceOf(Fenced.class);
        assertThat(newer.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("of the newer");
    }

    @Test
    @Tag("row-108")
    void startThatTimesOutIsJoinedByTheNextCall() {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        List<CoordinatorCall> held = new ArrayList<>();
        world.cluster.coordinators().on(ApiKey.INIT_PRODUCER_ID, held::add);
        SimulatedProcess process = start(world, Duration.ofSeconds(5));
        assertThat(process.failure(process.producer.initAsync())).hasMessageContaining("max-block");
        assertThat(process.state()).isEqualTo(TransactionState.INITIALIZING);
        CompletableFuture<Void> again = process.producer.initAsync();
        world.loop.advance(Duration.ofSeconds(1));
        assertThat(again).isNotDone();
        assertThat(held).hasSize(1);
        held.get(0).carryOutAndAnswer();
        process.done(again);
        assertThat(process.state()).isEqualTo(TransactionState.READY);
        assertThat(world.cluster.coordinators().calls(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    @Test
    @Tag("row-107")
    void startGoesOnUntilTheCoordinatorIsReady() {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        SimulatedProcess older = world.start().ready();
        older.begin();
        older.deliver(0, "open");
        world.cluster.transactions().markersTake(() -> Duration.ofSeconds(3));
        world.cluster
                .coordinators()
                .failNext(
                        ApiKey.INIT_PRODUCER_ID,
                        ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
                        ErrorCode.COORDINATOR_NOT_AVAILABLE);
        SimulatedProcess newer = world.start();
        Duration begin = world.loop.elapsed();
        newer.ready();
        assertThat(world.loop.elapsed().minus(begin)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
        assertThat(world.committed(0)).isEmpty();
    }

    @Test
    @Tag("row-107")
    void startThatIsRefusedForGoodSaysWhichSettingIsWrong() {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        SimulatedProcess process = world.start(config -> config.transactionTimeout(Duration.ofMinutes(16)));
        assertThat(process.failure(process.producer.initAsync()))
                .hasMessageContaining("(transaction.timeout.ms)=960000 ms")
                .hasMessageContaining("transaction.max.timeout.ms");
        assertThat(process.state()).isEqualTo(TransactionState.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIND_COORDINATOR", "INIT_PRODUCER_ID"})
    @Tag("row-107")
    @Tag("T17")
    void startThatIsNotAllowedMayBeTriedAgain(String api) {
        TransactionWorld world = new TransactionWorld(IMPLICIT);
        world.cluster.coordinators().failNext(ApiKey.valueOf(api), ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        SimulatedProcess process = world.start();
        assertThat(process.producerFailure(process.producer.initAsync()).errorCode())
                .isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(process.state()).isEqualTo(TransactionState.UNINITIALIZED);
        process.ready();
        assertThat(process.commitOne("first")).isInstanceOf(Committed.class);
    }

    @Test
    @Tag("T6")
    void recordsGoOnWhileTheCoordinatorIsSlow() {
        TransactionWorld world = new TransactionWorld(CLASSIC);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        List<CoordinatorCall> held = new ArrayList<>();
        world.cluster.coordinators().on(ApiKey.ADD_PARTITIONS_TO_TXN, held::add);
        CompletableFuture<?> waiting = process.send(1, "of a partition that is being added");
        CompletableFuture<?> going = process.send(0, "of one that is there");
        world.loop.runReady();
        assertThat(going)
                .as("nothing waits for the coordinator but what needs it")
                .isCompleted();
        assertThat(waiting).isNotDone();
        world.cluster.coordinators().on(ApiKey.ADD_PARTITIONS_TO_TXN, CoordinatorCall::carryOutAndAnswer);
        held.get(0).carryOutAndAnswer();
        assertThat(process.commit()).isInstanceOf(Committed.class);
    }

    @Test
    @Tag("T6")
    void transactionsThatMeetNoTroubleTakeNoTime() {
        TransactionWorld world = new TransactionWorld(CLASSIC);
        SimulatedProcess process = world.start();
        process.ready();
        for (int i = 0; i < 5; i++) {
            assertThat(process.commitOne("v" + i)).isInstanceOf(Committed.class);
        }
        assertThat(world.loop.elapsed()).isZero();
    }

    @Test
    @Tag("row-103")
    @Tag("T20")
    void clusterThatIsUpgradedBetweenBeginAndCommitEndsInTheOldWayAndGoesOnInTheNewOne() {
        TransactionWorld world = new TransactionWorld(CLASSIC);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        world.cluster.transactionVersion(IMPLICIT);
        for (int node = 1; node <= TransactionWorld.NODES; node++) {
            world.cluster.broker(node).closeConnections(); // as each is restarted
        }
        world.loop.advance(Duration.ofSeconds(1));
        process.deliver(0, "second");
        process.deliver(1, "third");
        assertThat(process.commit()).isInstanceOf(Committed.class);
        int oldWay = world.cluster.trace().size();
        assertThat(world.cluster.trace())
                .contains("ADD_PARTITIONS_TO_TXN v3", "PRODUCE v11", "END_TXN v4")
                .doesNotContain("PRODUCE v13", "END_TXN v5")
                .endsWith("END_TXN v4", "INIT_PRODUCER_ID v5");
        InitProducerIdRequest bump = lastInit(world);
        assertThat(bump.producerEpoch()).isZero();

        assertThat(process.commitOne("fourth")).isInstanceOf(Committed.class);
        assertThat(world.cluster.trace().subList(oldWay, world.cluster.trace().size()))
                .containsExactly("PRODUCE v13", "END_TXN v5");
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first", "second", "fourth");
        assertThat(world.committed(1)).containsExactly("third");
    }

    private static InitProducerIdRequest lastInit(TransactionWorld world) {
        List<CoordinatorCall> calls = world.cluster.coordinators().calls(ApiKey.INIT_PRODUCER_ID);
        return calls.get(calls.size() - 1).body(InitProducerIdRequest.class);
    }

    private static SimulatedProcess start(TransactionWorld world) {
        return start(world, Duration.ofSeconds(2));
    }

    private static SimulatedProcess start(TransactionWorld world, Duration requestTimeout) {
        SimulatedProcess process = world.start(config -> config.linger(Duration.ZERO)
                .requestTimeout(requestTimeout)
                .deliveryTimeout(MAX_BLOCK)
                .maxBlock(requestTimeout.toSeconds() == 5 ? Duration.ofSeconds(3) : MAX_BLOCK));
        return requestTimeout.toSeconds() == 5 ? process : process.ready();
    }
}
