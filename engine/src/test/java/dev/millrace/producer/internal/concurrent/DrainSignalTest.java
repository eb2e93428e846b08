package dev.millrace.producer.internal.concurrent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DrainSignalTest {

    private final List<Runnable> scheduled = new ArrayList<>();
    private final AtomicInteger drains = new AtomicInteger();
    private final DrainSignal signal = new DrainSignal(scheduled::add, drains::incrementAndGet);

    @Test
    void runsOnceForManySignals() {
        signal.raise();
        signal.raise();
        signal.raise();

        assertThat(scheduled).hasSize(1);
        scheduled.remove(0).run();
        assertThat(drains).hasValue(1);
    }

    @Test
    void runsAgainForASignalAfterTheRunStarted() {
        List<Integer> raisedIn = new ArrayList<>();
        List<DrainSignal> self = new ArrayList<>();
        DrainSignal raising = new DrainSignal(scheduled::add, () -> {
            raisedIn.add(raisedIn.size());
            if (raisedIn.size() == 1) {
                self.get(0).raise();
            }
        });
        self.add(raising);

        raising.raise();
        scheduled.remove(0).run();

        assertThat(scheduled).hasSize(1);
        scheduled.remove(0).run();
        assertThat(raisedIn).hasSize(2);
        assertThat(scheduled).isEmpty();
    }

    @Test
    void outlivesATaskThatThrows() {
        DrainSignal failing = new DrainSignal(scheduled::add, () -> {
            throw new IllegalArgumentException("once");
        });
        failing.raise();
        try {
            scheduled.remove(0).run();
        } catch (IllegalArgumentException expected) {
            // the executor's business
        }

        failing.raise();

        assertThat(scheduled).hasSize(1);
    }

    /** Two threads hand over elements and raise; whatever they handed over must have been drained in the end. */
    @Test
    @Timeout(60)
    void losesNoSignal() throws Exception {
        int raises = 10_000;
        ExecutorService loop = Executors.newSingleThreadExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 200; round++) {
                ConcurrentLinkedQueue<Integer> elements = new ConcurrentLinkedQueue<>();
                CountDownLatch left = new CountDownLatch(2 * raises);
                DrainSignal stressed = new DrainSignal(loop, () -> {
                    while (elements.poll() != null) {
                        left.countDown();
                    }
                });
                Runnable caller = () -> {
                    for (int i = 0; i < raises; i++) {
                        elements.add(i);
                        stressed.raise();
                    }
                };
                Future<?> one = callers.submit(caller);
                Future<?> other = callers.submit(caller);
                one.get(30, SECONDS);
                other.get(30, SECONDS);
                assertThat(left.await(30, SECONDS)).as("round %d", round).isTrue();
            }
        } finally {
            loop.shutdownNow();
            callers.shutdownNow();
        }
    }
}
