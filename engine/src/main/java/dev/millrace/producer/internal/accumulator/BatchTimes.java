package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.observe.StageTimes;

/**
 * Where the time of a batch goes. Guarded as its batch is: by the lock of the partition queue, then the event loop's, in
 * the end the delivery executor's.
 */
public final class BatchTimes {

    private static final long NOT_YET = Long.MIN_VALUE;

    private final long acceptedNanos;
    private final long openedNanos;
    private long readyNanos = NOT_YET;
    private long sentNanos = NOT_YET; // the last time
    private long returnedNanos = NOT_YET; // the last time
    private long endedNanos = NOT_YET;
    private long queueNanos;
    private long inFlightNanos;
    private long retryNanos;
    private int attempts;

    /** Of a batch that was opened just now, with a record that was accepted then or earlier. */
    BatchTimes(long acceptedNanos, long openedNanos) {
        this.acceptedNanos = acceptedNanos;
        this.openedNanos = openedNanos;
    }

    /** Of a piece of a batch, which has its past. */
    BatchTimes(BatchTimes whole) {
        this(whole.acceptedNanos, whole.openedNanos);
        readyNanos = whole.readyNanos;
        sentNanos = whole.sentNanos;
        returnedNanos = whole.returnedNanos;
        queueNanos = whole.queueNanos;
        inFlightNanos = whole.inFlightNanos;
        retryNanos = whole.retryNanos;
        attempts = whole.attempts;
    }

    /** Nothing is left to wait for but its turn. Counts once. */
    void ready(long nowNanos) {
        if (readyNanos == NOT_YET) {
            readyNanos = nowNanos;
        }
    }

    /** It is handed to a connection. */
    public void sent(long nowNanos) {
        ready(nowNanos);
        if (attempts == 0) {
            queueNanos = nowNanos - readyNanos;
        } else {
            retryNanos += nowNanos - returnedNanos;
        }
        attempts++;
        sentNanos = nowNanos;
        returnedNanos = NOT_YET;
    }

    /** It came back: answered, or its connection is gone. */
    public void returned(long nowNanos) {
        inFlightNanos += nowNanos - sentNanos;
        returnedNanos = nowNanos;
    }

    /** Its records' fate is known. */
    void ended(long nowNanos) {
        endedNanos = nowNanos;
    }

    /** When it was opened. */
    long openedNanos() {
        return openedNanos;
    }

    /** How often it was sent. */
    int attempts() {
        return attempts;
    }

    /** When its records' fate was known. */
    long endedNanos() {
        return endedNanos;
    }

    /** The times of all stages, now that its callbacks have run. */
    StageTimes stages(long toldNanos) {
        boolean wasReady = readyNanos != NOT_YET;
        boolean isInFlight = attempts > 0 && returnedNanos == NOT_YET;
        boolean waitsForRetry = attempts > 0 && !isInFlight;
        return new StageTimes(
                openedNanos - acceptedNanos,
                (wasReady ? readyNanos : endedNanos) - openedNanos,
                wasReady && attempts == 0 ? endedNanos - readyNanos : queueNanos,
                inFlightNanos + (isInFlight ? endedNanos - sentNanos : 0),
                retryNanos + (waitsForRetry ? Math.max(0, endedNanos - returnedNanos) : 0),
                toldNanos - endedNanos);
    }
}
