package dev.millrace.producer.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few daemon threads for work on bytes that would hold up the event loop. They start with the first tasks and end when
 * there was nothing to do for a while.
 */
public final class CompressionExecutor implements Executor, AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final int MAX_THREADS = 4;
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final ThreadPoolExecutor executor;

    /** No thread starts before the first task. */
    public CompressionExecutor(String threadName) {
        this(threadName, KEEP_ALIVE);
    }

    /** As above, with another time after which an idle thread ends. */
    CompressionExecutor(String threadName, Duration keepAlive) {
        int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        executor = new ThreadPoolExecutor(
                threads, threads, keepAlive.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Takes nothing more and waits for what was handed over, for a while. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow(); // forgets what has not begun; whoever waited for it is gone
            }
        } catch (InterruptedException e) {
            interrupted = true;
            executor.shutdownNow();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
