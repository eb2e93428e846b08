package dev.millrace.producer.internal.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** A task on an event loop whose end another thread waits for, also if the loop ends before it. */
public final class LoopCall {

    private LoopCall() {}

    /**
     * Runs the task on the loop and waits for it. Not on the loop's thread.
     *
     * @return false if the loop has ended without it; nothing runs on the loop any more then
     * @throws CompletionException with what the task has thrown
     */
    public static boolean run(EventLoop loop, Runnable task) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Runnable ended = () -> done.complete(false);
        loop.addEndListener(ended);
        try {
            loop.execute(() -> {
                try {
                    task.run();
                    done.complete(true);
                } catch (Throwable thrown) {
                    done.completeExceptionally(thrown);
                }
            });
            return done.join();
        } catch (RejectedExecutionException ending) {
            return done.join(); // it takes nothing more and ends; only then nothing of it runs any more
        } finally {
            loop.removeEndListener(ended);
        }
    }
}
