package dev.millrace.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future nobody can wait for inside the continuation of a send: continuations run one at a time, so the one that is waited
 * for would never run. That is an {@link IllegalStateException} at once instead of a thread that stands for good.
 */
class GuardedFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    private static final ThreadLocal<Continuations> CONTINUATIONS = ThreadLocal.withInitial(Continuations::new);

    /** How many continuations the current thread is in; engines have a thread for them, so there are few of these. */
    private static final class Continuations {
        private int depth;
    }

    /** What is chained to futures runs from here on, until {@link #leaveContinuations}. */
    static void enterContinuations() {
        CONTINUATIONS.get().depth++;
    }

    static void leaveContinuations() {
        CONTINUATIONS.get().depth--;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseEndlessWait();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseEndlessWait();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        refuseEndlessWait();
        return super.join();
    }

    private void refuseEndlessWait() {
        if (!isDone() && CONTINUATIONS.get().depth > 0) {
            throw new IllegalStateException(
                    "a continuation of a send waits for a future of another one, which would never complete meanwhile;"
                            + " chain it with thenCompose, or wait in a stage that has an executor of its own, as"
                            + " thenAcceptAsync");
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new GuardedFuture<>();
    }
}
