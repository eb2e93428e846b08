package dev.millrace.spring;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which continuations run by default. A fork-join pool, because it replaces a thread that waits for a
 * future, as continuations may; it takes tasks in their order, starts no thread before the first one and keeps none when
 * there is nothing to do.
 */
final class SharedDispatcher {

    static final Executor POOL = pool();

    private static final int MAX_THREADS = 256; // of which all but the processors' number wait
    private static final int KEEP_ALIVE_SECONDS = 10;

    private SharedDispatcher() {}

    private static Executor pool() {
        int parallelism = Math.max(2, Runtime.getRuntime().availableProcessors());
        return new ForkJoinPool(
                parallelism,
                SharedDispatcher::thread,
                null,
                true,
                parallelism,
                Math.max(MAX_THREADS, parallelism),
                1,
                pool -> true,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS);
    }

    /** With our class loader: the system's, which such threads have otherwise, knows nothing of an executable jar's content. */
    private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("millrace-callbacks-" + thread.getPoolIndex());
        thread.setContextClassLoader(SharedDispatcher.class.getClassLoader());
        return thread;
    }
}
