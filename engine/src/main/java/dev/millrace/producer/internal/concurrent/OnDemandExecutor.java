package dev.millrace.producer.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few daemon threads for work that would hold up the event loop. They start with the first tasks and end when there was
 * nothing to do for a while.
 */
public final class OnDemandExecutor implements Executor, AutoCloseable {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final int MOST_FOR_COMPRESSION = 4;
    private static final Duration PATIENCE_WITH_COMPRESSION = Duration.ofSeconds(5);
    private static final int FOR_LOGINS = 2;
    private static final Duration PATIENCE_WITH_LOGINS = Duration.ofSeconds(1);

    private final ThreadPoolExecutor executor;
    private final Duration patience;

    OnDemandExecutor(String threadName, int threads, Duration keepAlive, Duration patience) {
        this.patience = patience;
        executor = new ThreadPoolExecutor(
                threads, threads, keepAlive.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** For work on the bytes of batches, on as many processors as there are, up to a few. */
    public static OnDemandExecutor forCompression(String threadName) {
        int threads = Math.min(MOST_FOR_COMPRESSION, Runtime.getRuntime().availableProcessors());
        return new OnDemandExecutor(threadName, threads, KEEP_ALIVE, PATIENCE_WITH_COMPRESSION);
    }

    /**
     * For what authentication and TLS must not do on the event loop: one thread may wait for a supplier of credentials,
     * which is asked by one call at a time, while the other computes.
     */
    public static OnDemandExecutor forLogins(String threadName) {
        return new OnDemandExecutor(threadName, FOR_LOGINS, KEEP_ALIVE, PATIENCE_WITH_LOGINS);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Takes nothing more and waits for what was handed over, for a while; then forgets it, and interrupts what runs. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        try {
            if (!executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                executor.shutdownNow(); // whoever waited for it is gone
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
