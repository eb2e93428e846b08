package dev.millrace.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future of a send, or one that follows from it: waiting for it where it would complete is refused or arranged for,
 * instead of never ending.
 */
abstract class SendFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    /** Where it completes. */
    abstract Continuations continuations();

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (isDone()) {
            return super.get();
        }
        boolean wasReplaced = continuations().beforeWait();
        try {
            return super.get();
        } finally {
            continuations().afterWait(wasReplaced);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (isDone()) {
            return super.get(timeout, unit);
        }
        boolean wasReplaced = continuations().beforeWait();
        try {
            return super.get(timeout, unit);
        } finally {
            continuations().afterWait(wasReplaced);
        }
    }

    @Override
    public T join() {
        if (isDone()) {
            return super.join();
        }
        boolean wasReplaced = continuations().beforeWait();
        try {
            return super.join();
        } finally {
            continuations().afterWait(wasReplaced);
        }
    }

    /** Those that follow are waited for with the same care. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Following<>(continuations());
    }

    /** One that follows from a send. */
    static class Following<T extends @Nullable Object> extends SendFuture<T> {

        private final Continuations continuations;

        Following(Continuations continuations) {
            this.continuations = continuations;
        }

        @Override
        final Continuations continuations() {
            return continuations;
        }
    }
}
