package dev.millrace.producer.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.errors.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SendDoorTest {

    private int emptied;
    private int failed;
    private final SendDoor door =
            new SendDoor(() -> new IllegalStateException("closed"), () -> emptied++, () -> failed++);

    @Test
    void isClosedUntilATransactionBegins() {
        assertThatThrownBy(door::enter).isInstanceOf(IllegalStateException.class);
        assertThat(door.isEmpty()).isTrue();
        door.open();
        assertThat(door.enter()).isNull();
    }

    @Test
    void saysWhenTheLastOneHasLeftAClosedDoor() {
        door.open();
        door.enter();
        door.enter();
        door.leave();
        door.close();
        door.close();
        assertThatThrownBy(door::enter).isInstanceOf(IllegalStateException.class);
        assertThat(door.isEmpty()).isFalse();
        assertThat(emptied).isZero();
        door.leave();
        assertThat(door.isEmpty()).isTrue();
        assertThat(emptied).isOne();
    }

    @Test
    void anOpenDoorMayBeEmptyAnyNumberOfTimes() {
        door.open();
        door.enter();
        door.leave();
        assertThat(emptied).isZero();
        assertThat(door.isEmpty()).isFalse();
    }

    @Test
    void keepsTheFirstFailureUntilTheNextTransaction() {
        door.open();
        ProducerException first = failure("first");
        door.fail(first);
        door.fail(failure("second"));
        assertThat(door.enter()).isSameAs(first);
        door.leave();
        assertThat(failed).isOne();
        door.close();
        assertThat(door.failure()).isSameAs(first);
        door.open();
        assertThat(door.failure()).isNull();
    }

    @Test
    void whatAnAbortDoesToRecordsIsNoFailureOfTheTransaction() {
        door.open();
        door.close();
        door.ignoreFailures();
        door.fail(failure("aborted"));
        assertThat(door.failure()).isNull();
        assertThat(failed).isZero();
    }

    @Test
    void countsRightWhileManyComeAndGo() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger insideWhenEmptied = new AtomicInteger(-1);
        CountDownLatch empty = new CountDownLatch(1);
        SendDoor busy = new SendDoor(
                () -> new IllegalStateException("closed"),
                () -> {
                    insideWhenEmptied.set(inside.get());
                    empty.countDown();
                },
                () -> {});
        busy.open();
        busy.enter();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> goInAndOutUntilClosed(busy, inside));
            thread.start();
            threads.add(thread);
        }
        busy.close();
        busy.leave();
        empty.await();
        assertThat(insideWhenEmptied).hasValue(0);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(busy.isEmpty()).isTrue();
    }

    private static void goInAndOutUntilClosed(SendDoor busy, AtomicInteger inside) {
        try {
            while (true) {
                busy.enter();
                inside.incrementAndGet();
                inside.decrementAndGet();
                busy.leave();
            }
        } catch (IllegalStateException closed) {
            assertThat(closed).hasMessage("closed");
        }
    }

    private static ProducerException failure(String words) {
        return new RetriableException(words, FailureDetails.local(Stage.NONE, Recovery.RETRY), null);
    }
}
