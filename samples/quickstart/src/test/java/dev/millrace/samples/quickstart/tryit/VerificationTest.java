package dev.millrace.samples.quickstart.tryit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.RecordMetadata;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VerificationTest {
    private static final String SENDER = "main";

    @Test
    void findsNothingWhenEveryOrderIsWhereItWasAcknowledged() {
        Verdict verdict = Verification.of(
                List.of(sent(1, 0, 10), sent(2, 1, 20), sent(3, 0, 11)),
                List.of(read(1, 0, 10), read(3, 0, 11), read(2, 1, 20)));

        assertThat(verdict.differences()).isEmpty();
        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.partitions()).containsOnlyKeys(0, 1);
        assertThat(counts(verdict, 0).sent).isEqualTo(2);
        assertThat(counts(verdict, 0).acknowledged).isEqualTo(2);
        assertThat(counts(verdict, 0).readBack).isEqualTo(2);
    }

    @Test
    void doesNotCareInWhichOrderPartitionsWereRead() {
        Verdict verdict = Verification.of(
                List.of(sent(1, 0, 10), sent(2, 1, 20), sent(3, 0, 11)),
                List.of(read(3, 0, 11), read(2, 1, 20), read(1, 0, 10)));

        assertThat(verdict.isGood()).isTrue();
    }

    @Test
    void findsAMissingOrder() {
        Verdict verdict = Verification.of(List.of(sent(1, 0, 10), sent(2, 0, 11)), List.of(read(1, 0, 10)));

        assertThat(counts(verdict, 0).missing).isEqualTo(1);
        assertThat(verdict.differences())
                .containsExactly("missing: order 2 (synchronous) is nowhere, acknowledged at partition 0 offset 11");
    }

    @Test
    void findsADoubledOrder() {
        Verdict verdict = Verification.of(List.of(sent(1, 0, 10)), List.of(read(1, 0, 10), read(1, 0, 11)));

        assertThat(counts(verdict, 0).doubled).isEqualTo(1);
        assertThat(counts(verdict, 0).outOfOrder).isZero();
        assertThat(verdict.differences())
                .containsExactly("doubled: order 1 is at partition 0 offset 10 and at partition 0 offset 11");
    }

    @Test
    void findsAnOrderThatIsDoubledInAnotherPartition() {
        Verdict verdict = Verification.of(List.of(sent(1, 0, 10)), List.of(read(1, 0, 10), read(1, 3, 0)));

        assertThat(counts(verdict, 3).doubled).isEqualTo(1);
        assertThat(verdict.differences()).singleElement().asString().startsWith("doubled: order 1");
    }

    @Test
    void findsOrdersOutOfOrder() {
        Verdict verdict =
                Verification.of(List.of(sent(1, 0, 11), sent(2, 0, 10)), List.of(read(2, 0, 10), read(1, 0, 11)));

        assertThat(counts(verdict, 0).outOfOrder).isEqualTo(1);
        assertThat(verdict.differences())
                .containsExactly(
                        "out of order: order 1 is at partition 0 offset 11, after order 2 which was sent later");
    }

    @Test
    void countsALateOrderOnceAndNotThoseAfterIt() {
        Verdict verdict = Verification.of(
                List.of(sent(1, 0, 3), sent(2, 0, 0), sent(3, 0, 1), sent(4, 0, 2)),
                List.of(read(2, 0, 0), read(3, 0, 1), read(4, 0, 2), read(1, 0, 3)));

        assertThat(counts(verdict, 0).outOfOrder).isEqualTo(1);
    }

    @Test
    void comparesTheOrderOfEachSenderByItself() {
        SentOrder early = SentOrder.unanswered(1, "thread-1", Way.SYNCHRONOUS).withPlace(new Place(0, 11));
        SentOrder late = SentOrder.unanswered(2, "thread-2", Way.SYNCHRONOUS).withPlace(new Place(0, 10));

        Verdict verdict = Verification.of(List.of(early, late), List.of(read(2, 0, 10), read(1, 0, 11)));

        assertThat(verdict.isGood()).isTrue();
    }

    @Test
    void findsAnOrderInTheWrongPlace() {
        Verdict verdict = Verification.of(List.of(sent(1, 0, 10)), List.of(read(1, 0, 12)));

        assertThat(counts(verdict, 0).wrongPlace).isEqualTo(1);
        assertThat(verdict.differences())
                .containsExactly("wrong place: order 1 was acknowledged at partition 0 offset 10 and is at"
                        + " partition 0 offset 12");
    }

    @Test
    void asksOnlyForThePartitionWhenTheBrokerToldNoOffset() {
        List<SentOrder> sent = List.of(sent(1, 0, RecordMetadata.NO_OFFSET));

        assertThat(Verification.of(sent, List.of(read(1, 0, 10))).isGood()).isTrue();
        assertThat(Verification.of(sent, List.of(read(1, 1, 10))).isGood()).isFalse();
    }

    @Test
    void findsAnOrderNobodySent() {
        Verdict verdict = Verification.of(List.of(), List.of(read(7, 0, 10)));

        assertThat(verdict.differences())
                .containsExactly("unknown: order 7 was never sent, read at partition 0 offset 10");
    }

    @Test
    void findsAnOrderWithoutAnswer() {
        SentOrder unanswered = SentOrder.unanswered(1, SENDER, Way.FIRE_AND_FORGET);

        Verdict verdict = Verification.of(List.of(unanswered), List.of(read(1, 0, 10)));

        assertThat(verdict.differences())
                .containsExactly("unanswered: order 1 (fire and forget) was neither acknowledged nor failed");
        assertThat(counts(verdict, RecordMetadata.UNKNOWN_PARTITION).sent).isEqualTo(1);
    }

    @Test
    void tellsFailedOrdersWhetherTheyWereWrittenOrNot() {
        SentOrder failed = SentOrder.unanswered(1, SENDER, Way.ASYNCHRONOUS).withFailure("timed out");

        assertThat(Verification.of(List.of(failed), List.of()).differences())
                .containsExactly("failed: order 1 (asynchronous): timed out");
        assertThat(Verification.of(List.of(failed), List.of(read(1, 0, 10))).differences())
                .containsExactly("failed: order 1 (asynchronous): timed out");
    }

    private static SentOrder sent(long number, int partition, long offset) {
        return SentOrder.unanswered(number, SENDER, Way.SYNCHRONOUS).withPlace(new Place(partition, offset));
    }

    private static ReadOrder read(long number, int partition, long offset) {
        return new ReadOrder(number, new Place(partition, offset));
    }

    private static PartitionCounts counts(Verdict verdict, int partition) {
        return Objects.requireNonNull(verdict.partitions().get(partition));
    }
}
