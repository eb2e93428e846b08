package dev.millrace.producer.internal.network.security;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Two daemon threads for what authentication must not do on the event loop: one may wait for a supplier of credentials,
 * which is asked by one call at a time, while the other computes. They start with the first tasks and end when there was
 * nothing to do for a while.
 */
public final class LoginExecutor implements Executor, AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final int THREADS = 2;
    private static final long CLOSE_TIMEOUT_SECONDS = 1;

    private final ThreadPoolExecutor executor;

    /** No thread starts before the first task. */
    public LoginExecutor(String threadName) {
        executor = new ThreadPoolExecutor(
                THREADS, THREADS, KEEP_ALIVE.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), task -> {
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

    /** Takes nothing more; who does not end soon is interrupted. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow(); // a supplier that waits; nobody wants its answer any more
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
