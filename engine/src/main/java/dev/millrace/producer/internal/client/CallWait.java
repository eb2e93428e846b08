package dev.millrace.producer.internal.client;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what was begun, on the calling thread. Transactions end their calls within {@code max-block}; a little longer is
 * waited for the delivery executor, which tells.
 */
final class CallWait {

    private static final long TELLING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CallerSide<?, ?> side;
    private final OutcomeFailures failures;
    private final Supplier<@Nullable String> runningCallback;
    private final long limitNanos;

    CallWait(
            CallerSide<?, ?> side,
            OutcomeFailures failures,
            Supplier<@Nullable String> runningCallback,
            long maxBlockNanos) {
        this.side = side;
        this.failures = failures;
        this.runningCallback = runningCallback;
        this.limitNanos = maxBlockNanos + TELLING_NANOS;
    }

    /** What to return, or throw, when the wait is over and the call is not. */
    @FunctionalInterface
    interface Surrender<T extends @Nullable Object> {

        /** The call goes on, and its future will know its end. */
        T give(ProducerException why, CompletableFuture<T> unended);
    }

    /**
     * Refuses to wait where nobody may.
     *
     * @throws IllegalStateException on the engine's own threads
     */
    void requireMayWait(String call, String asyncCall) {
        if (side.inEngine()) {
            throw failures.mustNotWait(call, asyncCall);
        }
    }

    /** Waits for the end of a call, and throws what it failed with; an interrupt keeps the thread's flag. */
    <T extends @Nullable Object> T await(String call, CompletableFuture<T> begun) {
        return await(call, begun, (why, unended) -> {
            throw why;
        });
    }

    /** As above, with something else to do when the wait is over and the call is not. */
    <T extends @Nullable Object> T await(String call, CompletableFuture<T> begun, Surrender<T> surrender) {
        try {
            return begun.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return surrender.give(failures.interrupted(call, e), begun);
        } catch (TimeoutException e) {
            long waitedMillis = TimeUnit.NANOSECONDS.toMillis(limitNanos);
            return surrender.give(failures.untold(call, waitedMillis, runningCallback.get()), begun);
        } catch (ExecutionException e) {
            throw unchecked(e);
        }
    }

    /** Waits for records, which have deadlines of their own. */
    void awaitRecords(CompletableFuture<Void> flushed) {
        try {
            flushed.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted("flush()", e);
        } catch (ExecutionException e) {
            throw unchecked(e);
        }
    }

    private static RuntimeException unchecked(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(failed);
    }
}
