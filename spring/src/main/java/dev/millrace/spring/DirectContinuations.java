package dev.millrace.spring;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs everything right where the engine tells of it, on its one delivery thread. Whoever waits there for another record
 * would wait for itself, and is told so.
 */
final class DirectContinuations implements Continuations {

    private @Nullable Thread running; // plain: a thread looks for itself, and sees what it has written itself

    @Override
    public void run(String topic, int partition, Runnable completion) {
        Thread outer = running;
        running = Thread.currentThread();
        try {
            completion.run();
        } finally {
            running = outer;
        }
    }

    @Override
    public boolean beforeWait() {
        if (running == Thread.currentThread()) {
            throw new IllegalStateException("waiting for a send on the thread that completes sends would never end:"
                    + " thread=" + Thread.currentThread().getName()
                    + "; chain what follows with thenCompose, or set app.producer.template.callback-executor=dispatch");
        }
        return false;
    }

    @Override
    public CompletableFuture<Void> settled() {
        return CompletableFuture.completedFuture(null);
    }
}
