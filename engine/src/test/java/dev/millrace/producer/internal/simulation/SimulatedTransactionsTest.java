package dev.millrace.producer.internal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.simulation.SimulatedTransactions.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The coordinator of the simulation answers as Kafka's does (TransactionCoordinator of 4.3, its table of retries included). */
class SimulatedTransactionsTest {

    private static final String ID = "tx";
    private static final int TIMEOUT_MILLIS = 1000;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final List<String> marks = new ArrayList<>();
    private final SimulatedTransactions transactions =
            new SimulatedTransactions(loop, this::nextId, new SimulatedTransactions.Marks() {
                @Override
                public void writeTo(TopicPartition partition, long producerId, short epoch, boolean commits) {
                    marks.add(partition + " " + producerId + "/" + epoch + (commits ? " commit" : " abort"));
                }

                @Override
                public void writeTo(String groupId, long producerId, boolean commits) {
                    marks.add(groupId + " " + producerId + (commits ? " commit" : " abort"));
                }
            });
    private long nextId = 1;

    private long nextId() {
        return nextId++;
    }

    @BeforeEach
    void initialise() {
        assertThat(init()).isEqualTo(identity(1, 0));
    }

    @Test
    void successorBumpsTheEpochAndItsPredecessorCannotComeBack() {
        assertThat(init()).isEqualTo(identity(1, 1));

        assertThat(bump(1, 0)).isEqualTo(Identity.refused(ErrorCode.PRODUCER_FENCED));
        assertThat(enrol(1, 0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(enrol(2, 0)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void bumpMayBeAskedForAgain() {
        assertThat(bump(1, 0)).isEqualTo(identity(1, 1));
        assertThat(bump(1, 0)).isEqualTo(identity(1, 1));
        assertThat(bump(1, 1)).isEqualTo(identity(1, 2));
        assertThat(bump(1, 0)).isEqualTo(Identity.refused(ErrorCode.PRODUCER_FENCED));
    }

    @Test
    void lastEpochIsFollowedByAnotherProducerId() {
        transactions.epoch(ID, CoordinatedId.LAST_EPOCH);

        assertThat(bump(1, CoordinatedId.LAST_EPOCH)).isEqualTo(identity(2, 0));
        assertThat(bump(1, CoordinatedId.LAST_EPOCH)).isEqualTo(identity(2, 0));
        assertThat(enrol(1, CoordinatedId.LAST_EPOCH)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void successorWaitsForTheMarksOfWhatItAborts() {
        transactions.markersTake(() -> Duration.ofMillis(30));
        enrol(1, 0);

        assertThat(init()).isEqualTo(Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS));
        assertThat(init()).isEqualTo(Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS));
        loop.advance(Duration.ofMillis(30));

        assertThat(init()).isEqualTo(identity(1, 2));
        assertThat(marks).containsExactly("orders-0 1/1 abort");
    }

    @Test
    void endOfTheOldKindKeepsTheEpochAndIsAcceptedAgain() {
        transactions.markersTake(() -> Duration.ofMillis(30));
        assertThat(end(1, 0, true)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        enrol(1, 0);

        assertThat(end(1, 0, true)).isEqualTo(ErrorCode.NONE);
        assertThat(end(1, 0, true)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(end(1, 0, false)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(enrol(1, 0)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        loop.advance(Duration.ofMillis(30));

        assertThat(end(1, 0, true)).isEqualTo(ErrorCode.NONE);
        assertThat(end(1, 0, false)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(marks).containsExactly("orders-0 1/0 commit");
        assertThat(enrol(1, 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void endOfTheNewKindBumpsTheEpochOnceAndIsAcceptedAgainWithTheOldOne() {
        transactions.markersTake(() -> Duration.ofMillis(30));
        enrol(1, 0);

        assertThat(endAndBump(1, 0, true)).isEqualTo(identity(1, 1));
        assertThat(endAndBump(1, 0, true)).isEqualTo(Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS));
        assertThat(endAndBump(1, 1, false)).isEqualTo(Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS));
        loop.advance(Duration.ofMillis(30));

        assertThat(endAndBump(1, 0, true)).isEqualTo(identity(1, 1));
        assertThat(endAndBump(1, 0, false)).isEqualTo(Identity.refused(ErrorCode.INVALID_TXN_STATE));
        assertThat(endAndBump(1, 1, true)).isEqualTo(Identity.refused(ErrorCode.INVALID_TXN_STATE));
        assertThat(endAndBump(1, 2, true)).isEqualTo(Identity.refused(ErrorCode.PRODUCER_FENCED));
        assertThat(marks).containsExactly("orders-0 1/1 commit");
    }

    @Test
    void abortOfTheNewKindNeedsNoTransactionAndBumpsAllTheSame() {
        assertThat(endAndBump(1, 0, true)).isEqualTo(Identity.refused(ErrorCode.INVALID_TXN_STATE));
        assertThat(endAndBump(1, 0, false)).isEqualTo(identity(1, 1));
        assertThat(endAndBump(1, 0, false)).isEqualTo(identity(1, 1));
        assertThat(endAndBump(1, 1, false)).isEqualTo(identity(1, 2));
    }

    @Test
    void endOfTheNewKindGoesOverTheLastEpoch() {
        transactions.epoch(ID, CoordinatedId.LAST_EPOCH);
        enrol(1, CoordinatedId.LAST_EPOCH);

        assertThat(endAndBump(1, CoordinatedId.LAST_EPOCH, true)).isEqualTo(identity(2, 0));
        loop.runReady();

        assertThat(endAndBump(1, CoordinatedId.LAST_EPOCH, true)).isEqualTo(identity(2, 0));
        assertThat(marks).containsExactly("orders-0 1/" + Short.MAX_VALUE + " commit");
        assertThat(enrol(2, 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void transactionThatTakesTooLongIsAborted() {
        enrol(1, 0);

        loop.advance(Duration.ofMillis(TIMEOUT_MILLIS - 1));
        assertThat(transactions.phase(ID)).isEqualTo(TransactionPhase.ONGOING);
        loop.advance(Duration.ofMillis(1));

        assertThat(marks).containsExactly("orders-0 1/1 abort");
        assertThat(end(1, 0, true)).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void onlyWhereEveryEndBumpsMayTheProducerComeBackAfterThat() {
        enrol(1, 0);
        loop.advance(Duration.ofMillis(TIMEOUT_MILLIS));
        assertThat(bump(1, 0)).isEqualTo(Identity.refused(ErrorCode.PRODUCER_FENCED));

        transactions.level(2);
        Identity next = init();
        enrol(next.producerId(), next.epoch());
        loop.advance(Duration.ofMillis(TIMEOUT_MILLIS));
        assertThat(bump(next.producerId(), next.epoch())).isEqualTo(identity(1, next.epoch() + 1));
    }

    @Test
    void timeOfAnEarlierTransactionDoesNotEndALaterOne() {
        enrol(1, 0);
        end(1, 0, true);
        loop.advance(Duration.ofMillis(TIMEOUT_MILLIS - 1));
        enrol(1, 0);
        loop.advance(Duration.ofMillis(TIMEOUT_MILLIS - 1));

        assertThat(transactions.phase(ID)).isEqualTo(TransactionPhase.ONGOING);
    }

    @Test
    void forgottenIdIsUnknownToAllButItsProducersFirstRequest() {
        transactions.forget(ID);

        assertThat(enrol(1, 0)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(endAndBump(1, 0, false)).isEqualTo(Identity.refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
        assertThat(bump(1, 0)).isEqualTo(identity(2, 0));
    }

    @Test
    void nonsenseIsRefused() {
        assertThat(transactions.initProducerId("", TIMEOUT_MILLIS, -1, (short) -1))
                .isEqualTo(Identity.refused(ErrorCode.INVALID_REQUEST));
        assertThat(transactions.initProducerId(ID, 900_001, -1, (short) -1))
                .isEqualTo(Identity.refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT));
        assertThat(transactions.initProducerId(ID, TIMEOUT_MILLIS, 1, (short) -1))
                .isEqualTo(Identity.refused(ErrorCode.INVALID_REQUEST));
    }

    private Identity init() {
        return transactions.initProducerId(ID, TIMEOUT_MILLIS, -1, (short) -1);
    }

    private Identity bump(long producerId, int epoch) {
        return transactions.initProducerId(ID, TIMEOUT_MILLIS, producerId, (short) epoch);
    }

    private ErrorCode enrol(long producerId, int epoch) {
        return transactions.enrol(ID, producerId, (short) epoch, List.of(PARTITION), List.of());
    }

    private ErrorCode end(long producerId, int epoch, boolean commits) {
        return transactions.end(ID, producerId, (short) epoch, commits);
    }

    private Identity endAndBump(long producerId, int epoch, boolean commits) {
        return transactions.endAndBump(ID, producerId, (short) epoch, commits);
    }

    private static Identity identity(long producerId, int epoch) {
        return new Identity(ErrorCode.NONE, producerId, (short) epoch);
    }
}
