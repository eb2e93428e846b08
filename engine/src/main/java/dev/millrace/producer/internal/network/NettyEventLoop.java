package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop on Netty: one daemon thread. A task that throws, an {@code Error} too, is logged and the loop goes on.
 */
public final class NettyEventLoop implements EventLoop, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NettyEventLoop.class);
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final String threadName;
    private final MultiThreadIoEventLoopGroup group;
    private final io.netty.channel.EventLoop loop;
    private final ReentrantLock endLock = new ReentrantLock();
    private final Set<Runnable> endListeners = new LinkedHashSet<>(); // guarded by endLock
    private boolean ended; // guarded by endLock

    /**
     * The thread starts with the first task.
     *
     * @param threadName full name of the thread, such as {@code orders-io}
     */
    public NettyEventLoop(String threadName) {
        this.threadName = threadName;
        ThreadFactory threads = task -> {
            Thread thread = new FastThreadLocalThread(task, threadName);
            thread.setDaemon(true);
            return thread;
        };
        group = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        loop = group.next();
        loop.terminationFuture().addListener(future -> tellOfEnd());
    }

    /** For channels that live on this loop. */
    io.netty.channel.EventLoop netty() {
        return loop;
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    /** {@inheritDoc} The clock is the one Netty's timers use, so that no timer runs early. */
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    /**
     * Runs a task on the loop, after those that were given before. Any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        loop.execute(task); // Netty logs what the task throws
    }

    /**
     * {@inheritDoc}
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
     */
    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Future<?> future = loop.schedule(() -> runGuarded(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /** Netty keeps what a timer's task throws in a future nobody reads. */
    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) { // the loop serves every producer of the cluster and must go on
            LOG.error("task failed: thread={} task={}", threadName, task, t);
        }
    }

    @Override
    public void addEndListener(Runnable listener) {
        endLock.lock();
        try {
            if (!ended) {
                endListeners.add(listener);
                return;
            }
        } finally {
            endLock.unlock();
        }
        listener.run();
    }

    @Override
    public void removeEndListener(Runnable listener) {
        endLock.lock();
        try {
            endListeners.remove(listener);
        } finally {
            endLock.unlock();
        }
    }

    private void tellOfEnd() {
        List<Runnable> listeners;
        endLock.lock();
        try {
            ended = true;
            listeners = List.copyOf(endListeners);
            endListeners.clear();
        } finally {
            endLock.unlock();
        }
        listeners.forEach(this::runGuarded);
    }

    /**
     * Closes the channels of the loop, runs what is queued and ends the thread. Waits for that, except on the loop
     * itself; gives up waiting after {@value #CLOSE_TIMEOUT_SECONDS} s.
     */
    @Override
    public void close() {
        Future<?> ended = group.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (loop.inEventLoop()) {
            return;
        }
        try {
            if (!ended.await(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("event loop still runs {} s after close: thread={}", CLOSE_TIMEOUT_SECONDS, threadName);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
