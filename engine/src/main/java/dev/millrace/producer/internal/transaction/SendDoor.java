package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets sends into the open transaction and out again, so that a record belongs to it or to none: whoever closes the door
 * learns when the last one that is inside has left. Keeps the first failure of the transaction. Any thread.
 */
final class SendDoor {

    private static final int CLOSED = Integer.MIN_VALUE; // a flag; the other bits count who is inside

    private final AtomicInteger inside = new AtomicInteger(CLOSED);
    private final AtomicReference<@Nullable ProducerException> failure = new AtomicReference<>();
    private final Supplier<IllegalStateException> refusal;
    private final Runnable onEmpty;
    private final Runnable onFirstFailure;
    private volatile boolean heedsFailures;

    /**
     * Closed.
     *
     * @param refusal why nobody is let in
     * @param onEmpty the door is closed and nobody is inside; on the thread that left last
     * @param onFirstFailure the transaction has failed; on the thread that said so
     */
    SendDoor(Supplier<IllegalStateException> refusal, Runnable onEmpty, Runnable onFirstFailure) {
        this.refusal = refusal;
        this.onEmpty = onEmpty;
        this.onFirstFailure = onFirstFailure;
    }

    /** A transaction begins. Only while it is closed and nobody is inside. */
    void open() {
        failure.set(null);
        heedsFailures = true;
        inside.set(0);
    }

    /**
     * Goes in, to {@link #leave} afterwards, whatever is returned.
     *
     * @return null, or what has made the transaction abort-only
     * @throws IllegalStateException if it is closed
     */
    @Nullable ProducerException enter() {
        int now = inside.get();
        while (now >= 0) {
            if (inside.compareAndSet(now, now + 1)) {
                return failure.get();
            }
            now = inside.get();
        }
        throw refusal.get();
    }

    void leave() {
        if (inside.decrementAndGet() == CLOSED) {
            onEmpty.run();
        }
    }

    /** Lets nobody in any more. Harmless if it is closed. */
    void close() {
        inside.getAndUpdate(now -> now | CLOSED);
    }

    /** Whether it is closed and nobody is inside. */
    boolean isEmpty() {
        return inside.get() == CLOSED;
    }

    /** Something of the transaction has failed. The first failure stays. */
    void fail(ProducerException why) {
        if (heedsFailures && failure.compareAndSet(null, why)) {
            onFirstFailure.run();
        }
    }

    /** From now on failures are what an abort does to records. */
    void ignoreFailures() {
        heedsFailures = false;
    }

    /** What has made the transaction abort-only, null if nothing has. */
    @Nullable ProducerException failure() {
        return failure.get();
    }
}
