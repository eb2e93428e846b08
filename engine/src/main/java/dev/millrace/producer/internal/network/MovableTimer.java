package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import org.jspecify.annotations.Nullable;

/**
 * One timer whose deadline moves often. Moving it later costs nothing: the timer below it runs at the old time, sees
 * that it is early and goes to sleep again.
 */
@EventLoopOnly
public final class MovableTimer {

    private final EventLoop loop;
    private final Runnable task;

    private EventLoop.@Nullable Timer scheduled; // null while nothing sleeps
    private long scheduledNanos;
    private boolean armed;
    private long deadlineNanos;

    /** Runs the task each time a deadline passes; a deadline that passed is forgotten before the task runs. */
    public MovableTimer(EventLoop loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    /** Runs the task at this reading of the loop's clock, in place of any deadline set before. */
    public void runAt(long nanos) {
        armed = true;
        deadlineNanos = nanos;
        if (scheduled != null && scheduledNanos - nanos <= 0) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel();
        }
        sleepUntil(nanos);
    }

    /** As {@link #runAt}, unless an earlier deadline is set. */
    public void runNoLaterThan(long nanos) {
        if (!armed || deadlineNanos - nanos > 0) {
            runAt(nanos);
        }
    }

    /** Forgets the deadline. */
    public void clear() {
        armed = false;
    }

    /** Forgets the deadline and lets go of the loop; for owners that end. */
    public void cancel() {
        armed = false;
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
        }
    }

    private void sleepUntil(long nanos) {
        scheduledNanos = nanos;
        scheduled = loop.schedule(nanos - loop.nanos(), this::wake);
    }

    private void wake() {
        scheduled = null;
        if (!armed) {
            return;
        }
        if (deadlineNanos - loop.nanos() > 0) {
            sleepUntil(deadlineNanos);
            return;
        }
        armed = false;
        task.run();
    }
}
