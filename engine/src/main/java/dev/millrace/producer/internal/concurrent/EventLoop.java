package dev.millrace.producer.internal.concurrent;

import java.util.concurrent.Executor;

/**
 * The one thread that owns connections, sequences and the sender, as the core sees it. Netty implements it for real
 * life, a simulation with controlled time for tests.
 */
public interface EventLoop extends Executor {

    /** Whether the calling thread is this loop's. */
    boolean inEventLoop();

    /** Monotonic nanoseconds; on the loop, never earlier than the deadline of a timer that is running. */
    long nanos();

    /**
     * Runs a task on the loop once the delay has passed. Any thread.
     *
     * @param delayNanos zero or less means as soon as possible
     */
    Timer schedule(long delayNanos, Runnable task);

    /**
     * Adds what is to be done when the loop has ended and runs nothing any more. It runs once, on any thread, at once if
     * the loop has ended already. Any thread.
     */
    void addEndListener(Runnable listener);

    /** Forgets a listener; harmless if it is not there. Any thread. */
    void removeEndListener(Runnable listener);

    /** A task that waits for its time. */
    interface Timer {

        /** Forgets the task unless it has started; calling it again is harmless. */
        void cancel();
    }
}
