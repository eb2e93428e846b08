package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedTransactionalProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TransactionFailedException;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.TransactionOutcome.Fenced;
import dev.millrace.producer.TransactionOutcome.Unknown;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.CoordinatorCall;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of a transactional producer that wait, on threads of the user's while time passes here. */
@Timeout(60)
class TransactionCallsScenariosTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int STEPS_WITHOUT_A_BREAK = 10;
    private static final long BREAK_NANOS = 20_000;

    private final SimulatedTransactionalProducer sim = SimulatedTransactionalProducer.at(
            2, 1, config -> config.maxBlock(Duration.ofSeconds(3)).batchSize(1));

    /** A thread of the user's. */
    private final class User<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final Thread thread;
        private volatile boolean interruptedAtTheEnd;

        User(Callable<T> call) {
            thread = new Thread(
                    () -> {
                        try {
                            T value = call.call();
                            interruptedAtTheEnd = Thread.currentThread().isInterrupted();
                            result.complete(value);
                        } catch (Throwable thrown) {
                            interruptedAtTheEnd = Thread.currentThread().isInterrupted();
                            result.completeExceptionally(thrown);
                        }
                    },
                    "user");
            thread.start();
        }

        /** Lets time pass until the call has returned. */
        T returns() {
            int steps = 0;
            while (!result.isDone()) {
                if (isWaiting()) {
                    sim.loop.advance(MILLI);
                    if (++steps % STEPS_WITHOUT_A_BREAK == 0) {
                        // A thread that was woken counts as waiting until it runs, and no time is to pass until then.
                        LockSupport.parkNanos(BREAK_NANOS);
                    }
                } else {
                    sim.loop.runReady(); // it has a time of its own
                }
            }
            return result.join();
        }

        private boolean isWaiting() {
            return Set.of(Thread.State.TIMED_WAITING, Thread.State.WAITING).contains(thread.getState());
        }

        /** Interrupts the call, for whose end no time has to pass. */
        Throwable failsWhenInterrupted() throws InterruptedException {
            thread.interrupt();
            thread.join();
            return fails();
        }

        Throwable fails() {
            Throwable thrown = catchThrowable(this::returns);
            assertThat(thrown).isNotNull();
            return thrown.getCause() == null ? thrown : thrown.getCause();
        }

        /** Lets no more time pass until the thread waits in a method. */
        void waitsIn(String method) {
            while (!isWaiting()
                    || Stream.of(thread.getStackTrace())
                            .noneMatch(each -> each.getMethodName().equals(method))) {
                sim.loop.runReady();
                Thread.onSpinWait();
            }
        }
    }

    private User<@Nullable Void> user(ThrowingCallable call) {
        return new User<>(() -> {
            try {
                call.call();
                return null;
            } catch (Exception | Error thrown) {
                throw thrown;
            } catch (Throwable thrown) {
                throw new AssertionError(thrown);
            }
        });
    }

    private static TransactionFailedException failed(User<?> user) {
        return failed(user.fails());
    }

    private static TransactionFailedException failed(Throwable thrown) {
        assertThat(thrown).isInstanceOf(TransactionFailedException.class);
        return (TransactionFailedException) thrown;
    }

    @Test
    void aBlockRunsInATransactionOfItsOwn() {
        assertThat(new User<>(() -> sim.producer.inTransaction(producer -> {
                            sim.send(0, "within");
                            return 42;
                        }))
                        .returns())
                .isEqualTo(42);
        assertThat(sim.committed(0)).containsExactly("within");
        IOException thrown = new IOException("the block's own");
        User<Integer> thrower = new User<>(() -> sim.producer.inTransaction(producer -> {
            sim.send(0, "taken back");
            throw thrown;
        }));
        assertThat(thrower.fails()).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(sim.producer.state()).isEqualTo(TransactionState.READY);
        User<Integer> nested = new User<>(() -> sim.producer.inTransaction(outer -> outer.inTransaction(inner -> 1)));
        assertThat(nested.fails())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("begin is not possible now");
        assertThat(sim.producer.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void whatAnAbortMeetsIsSuppressedByWhatTheBlockThrew() {
        sim.cluster.coordinators().on(ApiKey.END_TXN, call -> {});
        IllegalArgumentException thrown = new IllegalArgumentException("the block's own");
        User<Integer> user = new User<>(() -> sim.producer.inTransaction(producer -> {
            sim.send(0, "taken back");
            producer.flush();
            throw thrown;
        }));
        assertThat(user.fails()).isSameAs(thrown);
        assertThat(thrown.getSuppressed()).singleElement().satisfies(suppressed -> {
            Fault.ABORT_NOT_CONFIRMED.isToldBy(suppressed);
            assertThat(((TransactionFailedException) suppressed).outcome()).isEqualTo(new Aborted(null, false));
        });
    }

    @Test
    void anInterruptEndsTheWaitingForACommitAndNotTheCommit() throws Exception {
        List<CoordinatorCall> held = new ArrayList<>();
        sim.cluster.coordinators().on(ApiKey.END_TXN, held::add);
        sim.begin();
        sim.sendAlone(0, "a");
        User<?> user = user(sim.producer::commit);
        user.waitsIn("commit");
        sim.loop.advance(SECOND);
        assertThat(held).hasSize(1);
        TransactionFailedException failure = failed(user.failsWhenInterrupted());
        assertThat(user.interruptedAtTheEnd).isTrue();
        Fault.COMMIT_INTERRUPTED.isToldBy(failure);
        assertThat(failure.mayHaveBeenWritten()).isTrue();
        CompletableFuture<TransactionOutcome> resolved = ((Unknown) failure.outcome()).resolve();
        assertThat(resolved).isNotDone();
        held.get(0).carryOutAndAnswer();
        assertThat(sim.await(resolved)).isInstanceOf(Committed.class);
        assertThat(sim.committed(0)).containsExactly("a");
    }

    @Test
    void aCommitIsNotWaitedForForEverWhereACallbackHoldsTheThreadThatTells() {
        SimulatedTransactionalProducer quick =
                SimulatedTransactionalProducer.at(2, 1, config -> config.maxBlock(Duration.ofMillis(10)));
        quick.begin();
        quick.delivery.hold();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread user = new Thread(() -> thrown.complete(catchThrowable(quick.producer::commit)), "user");
        user.start();
        while (!thrown.isDone()) {
            quick.loop.advance(MILLI);
            Thread.onSpinWait();
        }
        Fault.COMMIT_NOT_TOLD.isToldBy(thrown.join());
        quick.delivery.release();
        Unknown outcome = (Unknown) ((TransactionFailedException) thrown.join()).outcome();
        assertThat(quick.await(outcome.resolve())).isInstanceOf(Committed.class);
    }

    @Test
    void aTransactionThatBeginsAfterItsBlockWasInterruptedIsEnded() throws Exception {
        sim.cluster.coordinators().on(ApiKey.END_TXN, call -> {});
        sim.begin();
        sim.sendAlone(0, "a");
        CompletableFuture<TransactionOutcome> abort = sim.producer.abortAsync();
        sim.loop.advance(SECOND);
        AtomicBoolean ran = new AtomicBoolean();
        User<?> user = user(() -> sim.producer.inTransaction(producer -> {
            ran.set(true);
            return 0;
        }));
        user.waitsIn("beginForBlock");
        Fault.INTERRUPTED_IN_A_CALL.isToldBy(user.failsWhenInterrupted());
        assertThat(user.interruptedAtTheEnd).isTrue();
        sim.cluster.coordinators().on(ApiKey.END_TXN, CoordinatorCall::carryOutAndAnswer);
        sim.cluster.coordinators().calls(ApiKey.END_TXN).forEach(CoordinatorCall::carryOutAndAnswer);
        assertThat(sim.await(abort)).isEqualTo(new Aborted(null, true));
        sim.loop.advance(SECOND);
        assertThat(ran).isFalse();
        assertThat(sim.producer.state()).isEqualTo(TransactionState.READY);
    }

    @Test
    void tellsWhyATransactionWasAborted() {
        sim.begin();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        sim.send(0, "forbidden");
        TransactionFailedException failure = failed(user(sim.producer::commit));
        Fault.TRANSACTION_ABORTED.isToldBy(failure);
        assertThat(failure.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(failure.recovery()).isEqualTo(Recovery.RETRY);
        assertThat(failure.outcome()).isInstanceOf(Aborted.class);
    }

    @Test
    void tellsThatNobodyKnowsWhatBecameOfACommit() {
        sim.cluster.coordinators().on(ApiKey.END_TXN, call -> {});
        sim.begin();
        sim.send(0, "a");
        TransactionFailedException failure = failed(user(sim.producer::commit));
        Fault.COMMIT_UNKNOWN.isToldBy(failure);
        sim.cluster.coordinators().on(ApiKey.END_TXN, CoordinatorCall::carryOutAndAnswer);
        CompletableFuture<TransactionOutcome> resolved = ((Unknown) failure.outcome()).resolve();
        sim.cluster.coordinators().calls(ApiKey.END_TXN).forEach(CoordinatorCall::carryOutAndAnswer);
        assertThat(sim.await(resolved)).isInstanceOf(Committed.class);
    }

    @Test
    @Tag("row-97")
    void tellsThatAnotherProducerHasTakenOver() {
        sim.begin();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.PRODUCER_FENCED);
        sim.cluster.coordinators().failNext(ApiKey.END_TXN, ErrorCode.PRODUCER_FENCED);
        sim.cluster.coordinators().failNext(ApiKey.INIT_PRODUCER_ID, ErrorCode.PRODUCER_FENCED);
        SimulatedTransactionalProducer.Sent zombie = sim.send(0, "zombie");
        TransactionFailedException failure = failed(user(sim.producer::commit));
        Fault.BATCH_OF_A_FENCED_PRODUCER.isToldBy(zombie.failure());
        Fault.FENCED_WHILE_COMMITTING.isToldBy(failure);
        assertThat(failure.outcome()).isInstanceOf(Fenced.class);
        assertThat(failure.recovery()).isEqualTo(Recovery.NEW_PRODUCER);
        assertThat(sim.producer.state()).isEqualTo(TransactionState.FAILED);
        assertThatThrownBy(() -> sim.send(0, "late")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("row-111")
    void closeAwaitsACommitThatHasBegun() {
        List<CoordinatorCall> held = new ArrayList<>();
        sim.cluster.coordinators().on(ApiKey.END_TXN, held::add);
        sim.begin();
        sim.sendAlone(0, "a");
        User<?> committer = user(sim.producer::commit);
        committer.waitsIn("commit");
        sim.loop.advance(SECOND);
        assertThat(held).hasSize(1);
        User<CloseReport> closer = new User<>(() -> sim.producer.close(Duration.ofSeconds(20)));
        User<CloseReport> another = new User<>(() -> sim.producer.close(Duration.ofSeconds(20)));
        closer.waitsIn("close");
        another.waitsIn("close");
        assertThat(sim.released).isFalse();
        held.get(0).carryOutAndAnswer();
        committer.returns();
        assertThat(closer.returns())
                .isEqualTo(new CloseReport(1, 1, 0, List.of()))
                .isEqualTo(another.returns());
        assertThat(sim.producer.state()).isEqualTo(TransactionState.CLOSED);
        assertThat(sim.committed(0)).containsExactly("a");
    }

    @Test
    @Tag("row-111")
    @Tag("T8")
    void closeIsBoundedWhereTheCoordinatorIsGone() {
        sim.begin();
        sim.sendAlone(0, "a");
        sim.loop.advance(SECOND);
        sim.cluster.coordinators().onAny(call -> {});
        CloseReport report = sim.close(Duration.ofMillis(200), MILLI);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(sim.released).isTrue();
        assertThat(sim.producer.state()).isEqualTo(TransactionState.CLOSED);
    }

    @Test
    @Tag("row-111")
    void closeInACallbackAbortsAndDoesNotWaitForItself() {
        sim.begin();
        CompletableFuture<CloseReport> inCallback = new CompletableFuture<>();
        CompletableFuture<?> sent = sim.producer.send(
                new ProducerRecord<>(TOPIC, 0, null, "a"),
                (metadata, failure) -> inCallback.complete(sim.producer.close(Duration.ofSeconds(20))));
        while (!sim.released) {
            sim.loop.advance(MILLI);
            Thread.onSpinWait();
        }
        assertThat(sent).isCompleted();
        assertThat(inCallback).isCompleted();
        assertThat(sim.cluster.coordinators().calls(ApiKey.END_TXN)).hasSize(1);
        assertThat(sim.committed(0)).isEmpty();
    }

    /** What a thread was allowed to send before the commit is in the transaction, all of it, and nothing else. */
    @Test
    void aRecordBelongsToTheTransactionOrToNone() throws Exception {
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        List<String> committed = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            sim.begin();
            Set<String> accepted = ConcurrentHashMap.newKeySet();
            CountDownLatch started = new CountDownLatch(3);
            List<User<?>> senders = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                String prefix = round + "-" + thread + "-";
                senders.add(user(() -> {
                    for (int i = 0; ; i++) { // until the commit ends it
                        CompletableFuture<?> unused =
                                sim.producer.send(new ProducerRecord<>(TOPIC, 0, null, prefix + i));
                        accepted.add(prefix + i);
                        started.countDown();
                    }
                }));
            }
            started.await();
            CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
            while (!commit.isDone()) {
                sim.loop.runReady(); // no time passes: the threads have a time of their own
            }
            assertThat(commit.join()).isInstanceOf(Committed.class);
            for (User<?> sender : senders) {
                assertThat(sender.fails()).isInstanceOf(IllegalStateException.class);
            }
            List<String> all = sim.committed(0);
            List<String> added = all.subList(committed.size(), all.size());
            assertThat(added).hasSameSizeAs(accepted);
            assertThat(new HashSet<>(added)).isEqualTo(accepted);
            committed = all;
        }
    }

    @Test
    void tellsWhatComesBackFromATransactionThatIsAborted() {
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        sim.cluster.failNext(TOPIC, 0, ErrorCode.NOT_ENOUGH_REPLICAS);
        SimulatedTransactionalProducer.Sent waiting = sim.sendAlone(0, "waiting");
        sim.loop.advance(Duration.ofMillis(50));
        assertThat(sim.abort()).isEqualTo(new Aborted(null, true));
        Fault.ENDED_WITH_ITS_TRANSACTION.isToldBy(waiting.failure());
    }

    @Test
    void tellsThatABatchDoesNotContinueItsTransaction() {
        sim.begin();
        sim.cluster.failNext(TOPIC, 0, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        SimulatedTransactionalProducer.Sent refused = sim.sendAlone(0, "refused");
        sim.loop.advance(SECOND);
        Fault.OUT_OF_SEQUENCE_IN_A_TRANSACTION.isToldBy(refused.failure());
    }

    @Test
    void tellsThatAPartitionWasNotEnrolled() {
        SimulatedTransactionalProducer classic = SimulatedTransactionalProducer.at(
                1, 1, config -> config.deliveryTimeout(Duration.ofSeconds(2)).requestTimeout(Duration.ofSeconds(1)));
        classic.cluster.coordinators().on(ApiKey.ADD_PARTITIONS_TO_TXN, call -> {});
        classic.begin();
        SimulatedTransactionalProducer.Sent waiting = classic.send(0, "waiting");
        classic.loop.advance(Duration.ofSeconds(3));
        Fault.PARTITION_NOT_ENROLLED.isToldBy(waiting.failure());
    }

    @Test
    void tellsThatABrokerCannotEnrolPartitions() {
        sim.cluster.broker(1).speaks(ApiKey.PRODUCE, 0, 11);
        sim.begin();
        SimulatedTransactionalProducer.Sent record = sim.send(0, "a");
        sim.loop.advance(SECOND);
        Fault.BROKER_CANNOT_ENROL.isToldBy(record.failure());
        assertThat(sim.commit()).isInstanceOf(Aborted.class);
    }
}
