package dev.millrace.producer.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** {@link Delivery} on one daemon thread. It starts with the first task and ends when there was nothing to do for a while. */
public final class DeliveryExecutor implements Delivery, AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final ThreadPoolExecutor executor;

    /** No thread starts before the first task. */
    public DeliveryExecutor(String threadName) {
        this(threadName, KEEP_ALIVE);
    }

    /** As above, with another time after which an idle thread ends. */
    DeliveryExecutor(String threadName, Duration keepAlive) {
        executor = new ThreadPoolExecutor(
                1,
                1,
                keepAlive.toNanos(),
                TimeUnit.NANOSECONDS,
                new LinkedBlockingQueue<>(),
                task -> new DeliveryThread(task, threadName, this));
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public boolean inDelivery() {
        return Thread.currentThread() instanceof DeliveryThread thread && thread.owner == this;
    }

    @Override
    public CompletableFuture<Void> barrier() {
        return CompletableFuture.runAsync(() -> {}, executor);
    }

    /** Runs what was handed over and takes nothing more. */
    @Override
    public void close() {
        executor.shutdown();
    }

    private static final class DeliveryThread extends Thread {
        final DeliveryExecutor owner;

        DeliveryThread(Runnable task, String name, DeliveryExecutor owner) {
            super(task, name);
            this.owner = owner;
            setDaemon(true);
        }
    }
}
