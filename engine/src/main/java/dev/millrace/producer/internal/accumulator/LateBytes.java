package dev.millrace.producer.internal.accumulator;

import org.jspecify.annotations.Nullable;

/**
 * Bytes of a record that come after it was accepted. Whoever gets them hands them over with
 * {@link RecordAccumulator#bytesArrived}. Any thread.
 */
public abstract class LateBytes {

    private volatile @Nullable WaitingRecord waiting; // null until the record is accepted

    /** How many bytes they will be, about: what the record counts against the buffer memory until they are there. */
    protected abstract long expectedBytes();

    /** Whether the key is among what is there already, so that a partition can be chosen by it. */
    protected abstract boolean hasKey();

    /** The record that waits for them; null if it was not accepted. */
    public final @Nullable WaitingRecord waiting() {
        return waiting;
    }

    final void setWaiting(WaitingRecord record) {
        waiting = record;
    }
}
