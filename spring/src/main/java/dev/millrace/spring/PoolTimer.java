package dev.millrace.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The time of a pool, and its alarm clock. */
interface PoolTimer {

    /** The JDK's own timer thread, which all of the JVM share, and its common pool for what is done then. */
    PoolTimer SYSTEM = new PoolTimer() {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        @SuppressWarnings(
                "FutureReturnValueIgnored") // the task tells by itself what it meets; the alarm is cancelled, not it
        public CompletableFuture<?> after(Duration delay, Runnable task) {
            CompletableFuture<?> alarm =
                    new CompletableFuture<Void>().completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS);
            alarm.thenRunAsync(task);
            return alarm;
        }
    };

    /** As {@link System#nanoTime()}. */
    long nanoTime();

    /** Runs a task later, unless what is returned is cancelled before. */
    CompletableFuture<?> after(Duration delay, Runnable task);
}
