package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions as they should be: what is asked, and what is seen. */
class TransactionScenariosTest {

    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata(TransactionWorld.GROUP);

    @Test
    @Tag("row-92")
    void classicProtocolEnrolsPartitionsAndGoesOnWithTheSequences() {
        TransactionWorld world = new TransactionWorld(TransactionWorld.CLASSIC);
        SimulatedProcess process = world.start().ready();
        for (int i = 0; i < 2; i++) {
            process.begin();
            process.deliver(0, "v" + i);
            process.done(process.sendOffset(i, GROUP));
            assertThat(process.commit()).isInstanceOf(Committed.class);
        }
        assertThat(world.cluster.trace())
                .containsExactly(
                        "FIND_COORDINATOR v6",
                        "INIT_PRODUCER_ID v5",
                        "ADD_PARTITIONS_TO_TXN v3",
                        "PRODUCE v11",
                        "ADD_OFFSETS_TO_TXN v4",
                        "FIND_COORDINATOR v6",
                        "TXN_OFFSET_COMMIT v4",
                        "END_TXN v4",
                        "ADD_PARTITIONS_TO_TXN v3",
                        "PRODUCE v11",
                        "ADD_OFFSETS_TO_TXN v4",
                        "TXN_OFFSET_COMMIT v4",
                        "END_TXN v4");
        assertThat(world.cluster.log(TransactionWorld.TOPIC, 0).batches())
                .extracting(batch -> batch.producerEpoch() + "/" + batch.baseSequence())
                .containsExactly("0/0", "0/1");
    }

    @Test
    @Tag("row-92")
    void implicitProtocolSaysNothingBeforeTheRecordsAndBumpsTheEpochWithEachEnd() {
        TransactionWorld world = new TransactionWorld(TransactionWorld.IMPLICIT);
        SimulatedProcess process = world.start().ready();
        for (int i = 0; i < 2; i++) {
            process.begin();
            process.deliver(0, "v" + i);
            process.done(process.sendOffset(i, GROUP));
            assertThat(process.commit()).isInstanceOf(Committed.class);
        }
        assertThat(world.cluster.trace())
                .containsExactly(
                        "FIND_COORDINATOR v6",
                        "INIT_PRODUCER_ID v5",
                        "PRODUCE v13",
                        "FIND_COORDINATOR v6",
                        "TXN_OFFSET_COMMIT v5",
                        "END_TXN v5",
                        "PRODUCE v13",
                        "TXN_OFFSET_COMMIT v5",
                        "END_TXN v5");
        assertThat(world.cluster.log(TransactionWorld.TOPIC, 0).batches())
                .extracting(batch -> batch.producerEpoch() + "/" + batch.baseSequence())
                .containsExactly("0/0", "1/0");
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionWorld.CLASSIC, TransactionWorld.IMPLICIT})
    @Tag("row-92")
    void readersOfCommittedRecordsSeeAllOfATransactionOrNothing(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = world.start().ready();
        process.begin();
        process.deliver(0, "first");
        process.deliver(1, "second");
        process.done(process.sendOffset(7, GROUP));
        assertThat(world.committed(0)).isEmpty();
        assertThat(process.commit()).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first");
        assertThat(world.committed(1)).containsExactly("second");
        assertThat(world.committedOffset()).isEqualTo(7);

        process.begin();
        process.deliver(0, "third");
        process.done(process.sendOffset(8, GROUP));
        assertThat(process.abort()).isEqualTo(new Aborted(null, true));
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first");
        assertThat(world.committedOffset()).isEqualTo(7);

        assertThat(process.commitOne("fourth")).isInstanceOf(Committed.class);
        world.loop.runReady();
        assertThat(world.committed(0)).containsExactly("first", "fourth");
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionWorld.CLASSIC, TransactionWorld.IMPLICIT})
    @Tag("row-92")
    void emptyTransactionAsksNobody(int version) {
        TransactionWorld world = new TransactionWorld(version);
        SimulatedProcess process = world.start().ready();
        int asked = world.cluster.trace().size();

        process.begin();
        assertThat(process.commit()).isInstanceOf(Committed.class);
        process.begin();
        assertThat(process.abort()).isEqualTo(new Aborted(null, true));

        assertThat(world.cluster.trace()).hasSize(asked);
        assertThat(process.state()).isEqualTo(TransactionState.READY);
    }
}
