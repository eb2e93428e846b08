package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.EventLoop.Timer;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A caller's future. What is decided first counts; the future completes on the delivery executor, so that nothing of the
 * caller's runs on the event loop.
 *
 * @param <T> what the caller is told
 */
final class PendingCall<T extends @Nullable Object> {

    private final PendingCalls owner;
    private final Consumer<PendingCall<T>> onLoopEnd;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private @Nullable Timer deadline; // null without one

    PendingCall(PendingCalls owner, Consumer<PendingCall<T>> onLoopEnd) {
        this.owner = owner;
        this.onLoopEnd = onLoopEnd;
    }

    CompletableFuture<T> future() {
        return future;
    }

    boolean isDecided() {
        return decided.get();
    }

    /** Runs the task if nothing is decided until then. */
    @EventLoopOnly
    void within(long nanos, Runnable onDeadline) {
        deadline = owner.loop().schedule(nanos, () -> {
            if (!decided.get()) {
                onDeadline.run();
            }
        });
    }

    @EventLoopOnly
    void complete(@Nullable T value) {
        decide(() -> future.complete(value));
    }

    @EventLoopOnly
    void fail(Throwable why) {
        decide(() -> future.completeExceptionally(why));
    }

    /** There is no event loop any more. Any thread. */
    void loopEnded() {
        onLoopEnd.accept(this);
    }

    private void decide(Runnable completion) {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        owner.remove(this);
        if (deadline != null) {
            deadline.cancel();
        }
        owner.deliver(completion);
    }
}
