package dev.millrace.producer.internal.accumulator;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One call of flush: counts what was incomplete at that moment down to zero. Any thread.
 *
 * <p>Counts one for its creator, so that it cannot run out while it is still being handed around.
 */
final class FlushTicket {

    private final AtomicInteger left = new AtomicInteger(1);
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** One more to wait for. */
    void add() {
        left.incrementAndGet();
    }

    /** One less to wait for. */
    void countDown() {
        if (left.decrementAndGet() == 0) {
            done.complete(null);
        }
    }

    /** Completes when all that was added is counted down. */
    CompletableFuture<Void> done() {
        return done;
    }
}
