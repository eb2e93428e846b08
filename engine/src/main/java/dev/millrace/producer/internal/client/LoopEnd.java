package dev.millrace.producer.internal.client;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.sender.UndeliveredRecords;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when the event loop has ended under a producer that is open: nothing will move any more, so all that
 * was accepted fails, and so does each later send, at once. Any thread.
 */
final class LoopEnd {

    private static final Logger LOG = LoggerFactory.getLogger(LoopEnd.class);

    private final ClientParts parts;
    private final AcceptFailures failures;
    private final WaitingRoom waitingRoom;
    private final Runnable listener = this::takeUndelivered;
    private final ReentrantLock failing = new ReentrantLock();
    private final UndeliveredRecords undelivered = new UndeliveredRecords(); // guarded by failing until all have failed
    private volatile boolean ended; // written under failing

    LoopEnd(ClientParts parts, AcceptFailures failures, WaitingRoom waitingRoom) {
        this.parts = parts;
        this.failures = failures;
        this.waitingRoom = waitingRoom;
    }

    /** Begins to listen; {@link #ignore} ends it. */
    void watch() {
        parts.loop().addEndListener(listener);
    }

    /** The producer needs the loop no more. */
    void ignore() {
        parts.loop().removeEndListener(listener);
    }

    /** Why records of a topic are not accepted, null while the loop runs. */
    @Nullable ProducerException failureFor(String topic) {
        return ended ? failures.loopEnded(topic) : null;
    }

    /** Fails everything, once, and returns what it was. Only after the loop has ended. */
    UndeliveredRecords takeUndelivered() {
        failing.lock();
        try {
            if (!ended) {
                failAll();
            }
            return undelivered;
        } finally {
            failing.unlock();
        }
    }

    private void failAll() {
        ended = true; // before the accumulator refuses records: whoever is refused asks why
        LOG.error(
                "{} the event loop has ended: all records fail",
                parts.settings().logPrefix());
        parts.accumulator().close();
        parts.sender().loopEnded(undelivered);
        waitingRoom.abort(undelivered, failures::loopEnded);
    }
}
