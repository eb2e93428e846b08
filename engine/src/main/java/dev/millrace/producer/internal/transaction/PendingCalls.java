package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers wait for: none of it stays undecided, also when the event loop ends under it. Any thread. */
final class PendingCalls {

    private static final Logger LOG = LoggerFactory.getLogger(PendingCalls.class);

    private final EventLoop loop;
    private final Delivery delivery;
    private final Set<PendingCall<?>> calls = ConcurrentHashMap.newKeySet();

    PendingCalls(EventLoop loop, Delivery delivery) {
        this.loop = loop;
        this.delivery = delivery;
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Starts what a caller asked for.
     *
     * @param body decides the call sooner or later; runs on the event loop
     * @param onLoopEnd decides it if there is no event loop; any thread
     */
    <T extends @Nullable Object> CompletableFuture<T> start(
            Consumer<PendingCall<T>> body, Consumer<PendingCall<T>> onLoopEnd) {
        PendingCall<T> call = new PendingCall<>(this, onLoopEnd);
        calls.add(call); // first, so that the end of the loop finds it
        try {
            loop.execute(() -> run(body, call));
        } catch (RejectedExecutionException ended) {
            call.loopEnded();
        }
        return call.future();
    }

    private static <T extends @Nullable Object> void run(Consumer<PendingCall<T>> body, PendingCall<T> call) {
        try {
            body.accept(call);
        } catch (RuntimeException | Error failed) { // nobody else would decide it
            LOG.error("internal error in a transaction", failed);
            call.fail(failed);
        }
    }

    /** There is no event loop any more. */
    void loopEnded() {
        List.copyOf(calls).forEach(PendingCall::loopEnded);
    }

    void remove(PendingCall<?> call) {
        calls.remove(call);
    }

    void deliver(Runnable completion) {
        try {
            delivery.execute(completion);
        } catch (RejectedExecutionException closed) {
            LOG.debug("completed by the thread that decided: deliveries have ended", closed);
            completion.run();
        }
    }
}
