package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.TransactionWorld.CLASSIC;
import static dev.millrace.producer.internal.TransactionWorld.IMPLICIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.simulation.CoordinatorCall;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Coordinators that have forgotten an id nobody used (transactional.id.expiration.ms). Nobody hears of it as long as nothing
 * of the transaction is anywhere, or may be.
 */
class ForgottenIdScenariosTest {

    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata(TransactionWorld.GROUP);

    private final TransactionWorld world = new TransactionWorld(IMPLICIT);

    @ParameterizedTest
    @ValueSource(ints = {CLASSIC, IMPLICIT})
    void isReplacedInvisiblyWhileNothingIsAtStake(int version) {
        TransactionWorld any = new TransactionWorld(version);
        SimulatedProcess process = expired(any);
        long old = any.cluster.log(TransactionWorld.TOPIC, 0).batches().get(0).producerId();
        assertThat(process.commitOne("second")).isInstanceOf(Committed.class);
        assertThat(process.commitOne("third")).isInstanceOf(Committed.class);
        any.loop.runReady();

        assertThat(any.committed(0)).containsExactly("first", "second", "third");
        assertThat(any.cluster.transactions().producerId(TransactionWorld.ID)).isNotEqualTo(old);
        List<CoordinatorCall> identities = any.cluster.coordinators().calls(ApiKey.INIT_PRODUCER_ID);
        assertThat(identities).hasSize(2);
        assertThat(identities.get(1).body(InitProducerIdRequest.class).producerId())
                .as("fences nobody who has taken the id over")
                .isEqualTo(old);
    }

    @Test
    void isReplacedInvisiblyForAllPartitionsAndOffsetsAtOnce() {
        SimulatedProcess process = expired(world);
        process.begin();
        List<CompletableFuture<RecordMetadata>> records =
                List.of(process.send(0, "a"), process.send(1, "b"), process.send(2, "c"), process.send(0, "d"));
        CompletableFuture<Void> offsets = process.sendOffset(7, GROUP);
        assertThat(process.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();

        assertThat(records).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        process.done(offsets);
        assertThat(world.committed(0)).containsExactly("first", "a", "d");
        assertThat(world.committed(1)).containsExactly("b");
        assertThat(world.committed(2)).containsExactly("c");
        assertThat(world.committedOffset()).isEqualTo(7);
        assertThat(world.cluster.coordinators().calls(ApiKey.INIT_PRODUCER_ID)).hasSize(2);
    }

    @Test
    void offsetsSentWhileTheOtherIdentityIsFetchedWaitForIt() {
        SimulatedProcess process = expired(world);
        CoordinatorCall[] held = new CoordinatorCall[1];
        world.cluster.coordinators().on(ApiKey.INIT_PRODUCER_ID, call -> held[0] = call);
        process.begin();
        CompletableFuture<RecordMetadata> record = process.send(0, "second");
        world.loop.advanceUntil(() -> held[0] != null, Duration.ofSeconds(1));
        CompletableFuture<Void> offsets = process.sendOffset(7, GROUP);
        world.loop.advance(Duration.ofSeconds(1));
        assertThat(record).isNotDone();
        assertThat(offsets).isNotDone();
        assertThat(world.cluster.coordinators().calls(ApiKey.TXN_OFFSET_COMMIT)).isEmpty();

        world.cluster.coordinators().on(ApiKey.INIT_PRODUCER_ID, CoordinatorCall::carryOutAndAnswer);
        held[0].carryOutAndAnswer();
        assertThat(process.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first", "second");
        assertThat(world.committedOffset()).isEqualTo(7);
    }

    @Test
    void offsetsAloneAreSentAgain() {
        SimulatedProcess process = expired(world);
        process.begin();
        process.done(process.sendOffset(7, GROUP));
        assertThat(process.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committedOffset()).isEqualTo(7);
    }

    @Test
    void transactionIsAbortedWhereAPartitionHasSomethingOfIt() {
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "taken");
        world.cluster.transactions().forget(TransactionWorld.ID);
        assertThat(process.producerFailure(process.send(1, "late")).errorCode())
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);

        assertThat(process.commit()).isInstanceOfSatisfying(Aborted.class, this::namesWhatHappened);
        assertGoesOnWithout(process, 1);
        assertThat(world.committed(0)).isEmpty();
    }

    private void namesWhatHappened(Aborted aborted) {
        assertThat(aborted.cause()).hasMessageContaining("transactional.id.expiration.ms");
    }

    @Test
    void transactionIsAbortedWhereOffsetsHaveBeenTaken() {
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.done(process.sendOffset(7, GROUP));
        world.cluster.transactions().forget(TransactionWorld.ID);
        assertThat(process.failure(process.send(1, "late"))).isNotNull();
        assertThat(process.commit()).isInstanceOf(Aborted.class);
        assertGoesOnWithout(process, 1);
        assertThat(world.committedOffset()).isEqualTo(-1);
    }

    /** Node 2 has partition 0 and what the test says about it, node 3 answers partition 1 that the id is forgotten. */
    private TransactionOutcome commitTwo(SimulatedProcess process, Consumer<ProduceCall> atNode2, Duration forgotten) {
        world.cluster.onProduce(call -> {
            if (call.nodeId() == 2) {
                atNode2.accept(call);
            } else {
                call.request().after(forgotten, later -> call.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
            }
            world.cluster.onProduce(other -> {
                if (other.nodeId() == 2) {
                    atNode2.accept(other);
                } else {
                    other.request().after(forgotten, later -> other.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
                }
                world.cluster.onProduce(ProduceCall::appendAndAnswer);
            });
        });
        process.begin();
        CompletableFuture<RecordMetadata> unused = process.send(0, "two");
        CompletableFuture<RecordMetadata> unusedToo = process.send(1, "three");
        return process.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void transactionIsAbortedWhereAnotherBrokerHasTakenItsPart(int forgottenAfterMillis) {
        SimulatedProcess process = world.start().ready();
        TransactionOutcome outcome = commitTwo(
                process,
                call -> call.request().after(Duration.ofMillis(200), later -> call.appendAndAnswer()),
                Duration.ofMillis(forgottenAfterMillis));
        assertThat(outcome).isInstanceOfSatisfying(Aborted.class, this::namesWhatHappened);
        assertGoesOnWithout(process, 1);
        assertThat(world.committed(0)).isEmpty();
        assertThat(world.committed(1)).containsExactly("next");
    }

    @Test
    void transactionIsAbortedWhereNobodyKnowsWhetherAnotherBrokerHasTakenItsPart() {
        SimulatedProcess process = world.start().ready();
        TransactionOutcome outcome = commitTwo(
                process,
                call -> {
                    call.append();
                    call.request().after(Duration.ofMillis(200), later -> later.closeConnection());
                },
                Duration.ZERO);
        assertThat(outcome).isInstanceOfSatisfying(Aborted.class, this::namesWhatHappened);
        assertGoesOnWithout(process, 1);
        assertThat(world.committed(0)).isEmpty();
    }

    @Test
    void partThatAnotherBrokerHasNotTakenForAPassingReasonGoesToo() {
        SimulatedProcess process = world.start().ready();
        TransactionOutcome outcome =
                commitTwo(process, call -> call.refuse(ErrorCode.CONCURRENT_TRANSACTIONS), Duration.ofMillis(50));
        assertThat(outcome).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("two");
        assertThat(world.committed(1)).containsExactly("three");
    }

    @Test
    void clusterThatForgetsTheOtherIdentityTooCostsTheTransaction() {
        SimulatedProcess process = expired(world);
        world.cluster.failNext(
                TransactionWorld.TOPIC,
                0,
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                ErrorCode.NONE);
        process.begin();
        assertThat(process.producerFailure(process.send(0, "second")).errorCode())
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(process.commit()).isInstanceOf(Aborted.class);
        assertGoesOnWithout(process, 1);
    }

    @Test
    void whoeverHasTakenTheIdOverMeanwhileKeepsIt() {
        SimulatedProcess older = expired(world);
        SimulatedProcess newer = world.start().ready();
        newer.begin();
        newer.deliver(1, "of the newer");

        older.begin();
        assertThat(older.failure(older.send(0, "of the older"))).hasMessageContaining("transactional.id");
        assertThat(older.commit()).isInstanceOf(Aborted.class);
        assertThat(older.state()).isEqualTo(TransactionState.FAILED);
        assertThat(newer.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first");
        assertThat(world.committed(1)).containsExactly("of the newer");
    }

    @Test
    void abortDoesNotWaitForWhatTheTransactionNoLongerNeeds() {
        SimulatedProcess process = expired(world);
        CoordinatorCall[] held = new CoordinatorCall[1];
        world.cluster.coordinators().on(ApiKey.INIT_PRODUCER_ID, call -> held[0] = call);
        process.begin();
        CompletableFuture<RecordMetadata> record = process.send(0, "dropped");
        world.loop.advanceUntil(() -> held[0] != null, Duration.ofSeconds(1));
        assertThat(process.abort()).isEqualTo(new Aborted(null, true));
        assertThat(record).isCompletedExceptionally();
        assertThat(world.cluster.coordinators().calls(ApiKey.END_TXN)).hasSize(1);

        held[0].carryOutAndAnswer();
        assertGoesOnWithout(process, 0);
        assertThat(world.committed(0)).containsExactly("first", "next");
    }

    @Test
    void commitThatGetsNoOtherIdentityInTimeIsAborted() {
        SimulatedProcess process = expired(world);
        CoordinatorCall[] held = new CoordinatorCall[1];
        world.cluster.coordinators().on(ApiKey.INIT_PRODUCER_ID, call -> held[0] = call);
        process.begin();
        CompletableFuture<RecordMetadata> record = process.send(0, "late");
        assertThat(process.commit()).isInstanceOfSatisfying(Aborted.class, aborted -> assertThat(aborted.cause())
                .hasMessageContaining("max-block"));
        assertThat(record).isCompletedExceptionally();
        held[0].carryOutAndAnswer();
        assertGoesOnWithout(process, 0);
        assertThat(world.committed(0)).containsExactly("first", "next");
    }

    private void assertGoesOnWithout(SimulatedProcess process, int partition) {
        process.begin();
        process.deliver(partition, "next");
        assertThat(process.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(partition)).endsWith("next");
    }

    private static SimulatedProcess expired(TransactionWorld world) {
        SimulatedProcess process = world.start().ready();
        assertThat(process.commitOne("first")).isInstanceOf(Committed.class);
        world.loop.advance(Duration.ofDays(8));
        world.cluster.transactions().forget(TransactionWorld.ID);
        return process;
    }
}
