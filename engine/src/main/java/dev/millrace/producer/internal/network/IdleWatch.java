package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.concurrent.TimeUnit;

/** Notices when nobody has used a channel for a while. One with a request in flight is in use. */
@EventLoopOnly
final class IdleWatch {

    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100); // between two looks

    private final EventLoop loop;
    private final long maxIdleNanos;
    private final RequestChannel requests;
    private final Runnable onIdle;
    private final MovableTimer timer;

    /**
     * Begins to watch.
     *
     * @param maxIdleNanos negative means for ever
     */
    IdleWatch(EventLoop loop, long maxIdleNanos, RequestChannel requests, Runnable onIdle) {
        this.loop = loop;
        this.maxIdleNanos = maxIdleNanos;
        this.requests = requests;
        this.onIdle = onIdle;
        timer = new MovableTimer(loop, this::look);
        if (maxIdleNanos >= 0) {
            timer.runAt(loop.nanos() + maxIdleNanos);
        }
    }

    void end() {
        timer.cancel();
    }

    private void look() {
        long now = loop.nanos();
        long idleFromNanos = requests.inFlight() > 0 ? now : requests.lastUseNanos();
        if (requests.inFlight() > 0 || now - idleFromNanos < maxIdleNanos) {
            timer.runAt(idleFromNanos + Math.max(maxIdleNanos, LEAST_PAUSE_NANOS));
        } else {
            onIdle.run();
        }
    }
}
