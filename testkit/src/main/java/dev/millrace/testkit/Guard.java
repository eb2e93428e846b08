package dev.millrace.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The one lock around the state of a cluster: tests change it and wait on it, the socket loop serves from it. */
final class Guard {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    void run(Runnable action) {
        get(() -> {
            action.run();
            return true;
        });
    }

    <T> T get(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Waits until the condition holds, which is looked at after every change; whether it came to hold in time. */
    boolean await(BooleanSupplier condition, Duration timeout) {
        long leftNanos = timeout.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted with " + TimeUnit.NANOSECONDS.toMillis(leftNanos) + " ms left to wait", e);
        } finally {
            lock.unlock();
        }
    }
}
