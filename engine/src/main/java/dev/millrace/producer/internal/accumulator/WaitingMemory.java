package dev.millrace.producer.internal.accumulator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The share of the buffer memory that records have which wait for their topic. They are kept outside the pool, each in
 * arrays of its own, and counted by bytes: many small ones cost one chunk. Any thread.
 */
final class WaitingMemory {

    /** About what the objects around a record's bytes take. */
    private static final int OBJECTS_BYTES = 100;

    private final BufferPool pool;
    private final AtomicLong bytes = new AtomicLong();

    WaitingMemory(BufferPool pool) {
        this.pool = pool;
    }

    /** What a record of this size counts. */
    static long costOf(long recordBytes) {
        return recordBytes + OBJECTS_BYTES;
    }

    /** How to get chunks, waiting or not. */
    @FunctionalInterface
    interface Reservation {
        boolean reserve(int chunks) throws InterruptedException;
    }

    /** Counts a record, unless there is no room for it. Whatever order threads come in, the differences add up. */
    boolean add(long cost, Reservation reservation) throws InterruptedException {
        long before = bytes.getAndAdd(cost);
        int missing = BufferPool.chunksFor(before + cost) - BufferPool.chunksFor(before);
        if (missing == 0) {
            return true;
        }
        boolean reserved = false;
        try {
            reserved = reservation.reserve(missing);
        } finally {
            if (!reserved) {
                pool.unreserve(freedBy(cost) - missing); // they were never reserved
            }
        }
        return reserved;
    }

    /** A record turned out to be larger or smaller than it was counted; its bytes are there, whatever the limit says. */
    void correct(long difference) {
        pool.unreserve(freedBy(-difference));
    }

    /** The record waits no more. */
    void remove(long cost) {
        pool.unreserve(freedBy(cost));
    }

    private int freedBy(long cost) {
        long before = bytes.getAndAdd(-cost);
        return BufferPool.chunksFor(before) - BufferPool.chunksFor(before - cost);
    }
}
