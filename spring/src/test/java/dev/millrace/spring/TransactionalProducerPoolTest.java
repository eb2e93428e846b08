package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.spring.TransactionalProducerPool.PoolState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransactionalProducerPoolTest {

    private final FakeTransactions cluster = new FakeTransactions();
    private final ManualTimer timer = new ManualTimer();

    private DefaultTransactionalProducerPool<String, String> pool(TransactionSettings.Builder settings) {
        return pool(settings.build());
    }

    private DefaultTransactionalProducerPool<String, String> pool(TransactionSettings settings) {
        return new DefaultTransactionalProducerPool<>(
                () -> "orders", settings, slot -> cluster.open("orders-" + slot), timer, false);
    }

    private static List<String> ids(List<TransactionalProducer<String, String>> producers) {
        return producers.stream().map(TransactionalProducer::transactionalId).toList();
    }

    private static List<TransactionalProducer<String, String>> acquire(
            TransactionalProducerPool<String, String> pool, int count) {
        List<TransactionalProducer<String, String>> acquired = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acquired.add(pool.acquire());
        }
        return acquired;
    }

    @Test
    @DisplayName("the producer returned last is lent first")
    void lendsTheLastFirst() {
        TransactionalProducerPool<String, String> pool = pool(FakeTransactions.settings());
        List<TransactionalProducer<String, String>> lent = acquire(pool, 3);
        assertThat(pool.state()).isEqualTo(new PoolState(3, 0, 0));

        pool.release(lent.get(2));
        pool.release(lent.get(0));

        assertThat(pool.state()).isEqualTo(new PoolState(1, 2, 0));
        assertThat(ids(acquire(pool, 2))).containsExactly("orders-0", "orders-2");
    }

    @Test
    @DisplayName("57: without a bound, too, the lowest free number is taken")
    void takesTheLowestNumber() {
        TransactionalProducerPool<String, String> pool = pool(FakeTransactions.settings());
        List<TransactionalProducer<String, String>> lent = acquire(pool, 3);
        pool.evict(lent.get(1));
        pool.evict(lent.get(0));

        assertThat(ids(acquire(pool, 3))).containsExactly("orders-0", "orders-1", "orders-3");
    }

    @Test
    @DisplayName("57: bounded: waits for one that comes back")
    void waitsForOne() throws Exception {
        TransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().maxProducers(1).acquireTimeout(Duration.ofSeconds(30)));
        TransactionalProducer<String, String> only = pool.acquire();
        CompletableFuture<TransactionalProducer<String, String>> waiting = CompletableFuture.supplyAsync(pool::acquire);
        assertThat(waiting).isNotDone();

        pool.release(only);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isSameAs(only);
    }

    @Test
    @DisplayName("57: bounded: a slot that becomes free is as good")
    void waitsForASlot() throws Exception {
        TransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().maxProducers(1).acquireTimeout(Duration.ofSeconds(30)));
        TransactionalProducer<String, String> only = pool.acquire();
        CompletableFuture<TransactionalProducer<String, String>> waiting = CompletableFuture.supplyAsync(pool::acquire);

        pool.evict(only);

        assertThat(waiting.get(30, TimeUnit.SECONDS).transactionalId()).isEqualTo("orders-0");
        assertThat(waiting.join()).isNotSameAs(only);
    }

    @Test
    @DisplayName("57: bounded: in vain; the message has the bound and the remedy")
    void tellsThatAllAreInUse() throws Exception {
        TransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().maxProducers(2).acquireTimeout(Duration.ofMillis(10)));
        CompletableFuture.supplyAsync(() -> acquire(pool, 2)).get(30, TimeUnit.SECONDS);

        assertThatExceptionOfType(ProducerPoolExhaustedException.class)
                .isThrownBy(pool::acquire)
                .withMessage(
                        "No transactional producer of 'orders' became free within 10 ms (max-producers=2, in use=2);"
                                + " raise app.producer.transaction.max-producers or let transactions end sooner");
    }

    @Test
    @DisplayName("an interrupt ends the waiting, and stays")
    void endsWaitingWhenInterrupted() {
        TransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().maxProducers(1));
        pool.acquire();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(ProducerOperationException.class)
                .isThrownBy(pool::acquire)
                .withMessage("Interrupted while waiting for a transactional producer of 'orders'");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @DisplayName("56: what cannot be opened or initialised leaks neither number nor producer")
    void leaksNothing() {
        TransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().maxProducers(1));
        for (int i = 0; i < 100; i++) {
            (i % 2 == 0 ? cluster.opens : cluster.inits).fail(FakeTransactions.failure("no"));
            assertThatExceptionOfType(ProducerException.class).isThrownBy(pool::acquire);
        }

        assertThat(pool.state()).isEqualTo(new PoolState(0, 0, 1));
        assertThat(cluster.opened).hasSize(50).allSatisfy(failed -> assertThat(failed.calls)
                .containsExactly("init", "close 0"));
        assertThat(pool.acquire().transactionalId()).isEqualTo("orders-0");
    }

    @Test
    @DisplayName("58: one that is too old is replaced, at its return and at its next use")
    void replacesTheOld() {
        TransactionalProducerPool<String, String> pool = pool(
                FakeTransactions.settings().producerMaxAge(Duration.ofDays(5)).producerMaxIdle(Duration.ofDays(9)));
        TransactionalProducer<String, String> first = pool.acquire();
        timer.advance(Duration.ofDays(4));
        pool.release(first);
        assertThat(pool.acquire()).isSameAs(first);
        pool.release(first);
        timer.advance(Duration.ofDays(1));

        TransactionalProducer<String, String> second = pool.acquire();
        assertThat(second).isNotSameAs(first);
        assertThat(second.transactionalId()).isEqualTo("orders-0");
        assertThat(first.state()).isEqualTo(TransactionState.CLOSED);

        timer.advance(Duration.ofDays(5));
        pool.release(second);
        assertThat(second.state()).isEqualTo(TransactionState.CLOSED);
        assertThat(pool.state()).isEqualTo(new PoolState(0, 0, 0));
    }

    @Test
    @DisplayName("58: those nobody uses are closed, in their time")
    void closesTheUnused() {
        TransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().producerMaxIdle(Duration.ofMinutes(10)));
        List<TransactionalProducer<String, String>> lent = acquire(pool, 3);
        pool.release(lent.get(0));
        timer.advance(Duration.ofMinutes(4));
        pool.release(lent.get(1));
        timer.advance(Duration.ofMinutes(5));
        assertThat(pool.state()).isEqualTo(new PoolState(1, 2, 0));

        timer.advance(Duration.ofMinutes(1));
        assertThat(lent.get(0).state()).isEqualTo(TransactionState.CLOSED);
        assertThat(pool.state()).isEqualTo(new PoolState(1, 1, 0));

        timer.advance(Duration.ofMinutes(4));
        assertThat(lent.get(1).state()).isEqualTo(TransactionState.CLOSED);
        assertThat(pool.state()).isEqualTo(new PoolState(1, 0, 0));
        assertThat(timer.pending()).isZero();
        assertThat(lent.get(2).state()).isEqualTo(TransactionState.READY);
    }

    @Test
    @DisplayName("52: one that has failed is repaired, at its return and while it waited, and never lent")
    void repairsTheFailed() {
        TransactionalProducerPool<String, String> pool = pool(FakeTransactions.settings());
        for (TransactionState bad : List.of(
                TransactionState.FAILED,
                TransactionState.CLOSED,
                TransactionState.COMMITTING,
                TransactionState.IN_TRANSACTION,
                TransactionState.ABORT_ONLY)) {
            FakeTransactionalProducer first = (FakeTransactionalProducer) pool.acquire();
            first.becomes(bad);
            pool.release(first);
            assertThat(first.calls).endsWith("close 0");

            FakeTransactionalProducer second = (FakeTransactionalProducer) pool.acquire();
            pool.release(second);
            second.becomes(bad);
            assertThat(pool.acquire()).isNotSameAs(second);
            assertThat(second.calls).endsWith("close 0");
            pool.evict(cluster.opened.get(cluster.opened.size() - 1));
        }
        assertThat(cluster.opened)
                .extracting(FakeTransactionalProducer::transactionalId)
                .containsOnly("orders-0");
    }

    @Test
    @DisplayName("59: after a reset those in use finish and are closed then")
    void resets() {
        TransactionalProducerPool<String, String> pool = pool(FakeTransactions.settings());
        List<TransactionalProducer<String, String>> lent = acquire(pool, 2);
        pool.release(lent.get(1));

        pool.reset();

        assertThat(lent.get(1).state()).isEqualTo(TransactionState.CLOSED);
        assertThat(lent.get(0).state()).isEqualTo(TransactionState.READY);
        assertThat(ids(acquire(pool, 1))).containsExactly("orders-1");
        pool.release(lent.get(0));
        assertThat(lent.get(0).state()).isEqualTo(TransactionState.CLOSED);
        assertThat(ids(acquire(pool, 1))).containsExactly("orders-0");
    }

    @Test
    @DisplayName("closed: all are, those in use with the time there is, and nobody gets one")
    void closes() throws Exception {
        DefaultTransactionalProducerPool<String, String> pool = pool(FakeTransactions.settings());
        List<TransactionalProducer<String, String>> lent = acquire(pool, 3);
        pool.release(lent.get(1));

        pool.close(Duration.ofSeconds(7)).get(30, TimeUnit.SECONDS);

        assertThat(cluster.opened.get(0).calls).endsWith("close 7000");
        assertThat(cluster.opened.get(1).calls).endsWith("close 0");
        assertThat(cluster.opened.get(2).calls).endsWith("close 7000");
        assertThat(timer.pending()).isZero();
        assertThatThrownBy(pool::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Producer 'orders' is stopped");
        pool.release(lent.get(0));
        pool.evict(lent.get(2));
        assertThat(pool.state()).isEqualTo(new PoolState(0, 0, 0));

        pool.reopen();
        assertThat(ids(acquire(pool, 1))).containsExactly("orders-0");
    }

    @Test
    @DisplayName("closed while somebody waits: he hears of it")
    void wakesThoseWhoWait() throws Exception {
        DefaultTransactionalProducerPool<String, String> pool =
                pool(FakeTransactions.settings().maxProducers(1).acquireTimeout(Duration.ofSeconds(30)));
        pool.acquire();
        CompletableFuture<TransactionalProducer<String, String>> waiting = CompletableFuture.supplyAsync(pool::acquire);

        pool.close(Duration.ZERO).get(30, TimeUnit.SECONDS);

        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("closed while one is opened: it is closed, too, and its number is free")
    void closesWhatIsBeingOpened() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        DefaultTransactionalProducerPool<String, String> pool = new DefaultTransactionalProducerPool<>(
                () -> "orders",
                FakeTransactions.settings().build(),
                slot -> {
                    opening.countDown();
                    try {
                        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException interrupt) {
                        throw new IllegalStateException(interrupt);
                    }
                    return cluster.open("orders-" + slot);
                },
                timer,
                false);
        CompletableFuture<?> acquiring = CompletableFuture.supplyAsync(pool::acquire);
        assertThat(opening.await(30, TimeUnit.SECONDS)).isTrue();

        pool.close(Duration.ZERO).get(30, TimeUnit.SECONDS);
        closed.countDown();

        assertThat(acquiring).failsWithin(Duration.ofSeconds(30));
        assertThat(cluster.only().state()).isEqualTo(TransactionState.CLOSED);
        assertThat(pool.state()).isEqualTo(new PoolState(0, 0, 0));
    }
}
