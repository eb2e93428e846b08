package dev.millrace.producer.internal.client;

import dev.millrace.producer.internal.concurrent.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * How long one send may still wait for memory: {@code max-block} in all, counted from its first wait, or not at all. Confined
 * to the send.
 */
final class Patience {

    private boolean mayWait;
    private boolean exhaustedWithoutWords;
    private boolean hasWaited;
    private long deadlineNanos;
    private @Nullable String obstacle; // null while none is known

    /** For a new send. */
    void start(boolean waiting) {
        mayWait = waiting;
        exhaustedWithoutWords = false;
        hasWaited = false;
        obstacle = null;
    }

    /** Whether the caller asked to wait at all. */
    boolean mayWait() {
        return mayWait;
    }

    /** Why it did not wait although the caller asked for it; null if it did. */
    @Nullable String obstacle() {
        return obstacle;
    }

    /** Whether the send came to nothing because there was no memory, and not as a failure. */
    boolean isExhaustedWithoutWords() {
        return exhaustedWithoutWords;
    }

    void exhaustWithoutWords() {
        exhaustedWithoutWords = true;
    }

    /** What is left, 0 or less for nothing; the caller is about to wait for so long. */
    long leftNanos(ClientSettings settings, WaitRules rules, EventLoop loop) {
        if (!mayWait) {
            return 0;
        }
        if (!hasWaited) {
            obstacle = rules.obstacle();
            deadlineNanos = loop.nanos() + settings.maxBlockNanos();
            hasWaited = true;
        }
        return obstacle == null ? deadlineNanos - loop.nanos() : 0;
    }
}
