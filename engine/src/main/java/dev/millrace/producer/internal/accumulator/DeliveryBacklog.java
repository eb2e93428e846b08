package dev.millrace.producer.internal.accumulator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What has ended and waits for its callbacks. Up to as much as the buffer memory it costs nothing; beyond that it counts
 * as used buffer memory, so that callbacks which are slower than the sends hold up the senders and do not fill the heap.
 *
 * <p>Any thread.
 */
final class DeliveryBacklog {

    /** What a record holds on the heap until it is completed, about: its future and what hangs on it. */
    static final int RECORD_BYTES = 100;

    private final BufferPool pool;
    private final long freeBytes;
    private final AtomicLong bytes = new AtomicLong();

    DeliveryBacklog(BufferPool pool) {
        this.pool = pool;
        this.freeBytes = (long) pool.limitChunks() * BufferPool.CHUNK_BYTES;
    }

    /** What a batch counts until its callbacks have run. */
    static long costOf(ProducerBatch batch) {
        return costOf(batch.recordCount(), batch.sizeBytes());
    }

    /** What records count until their callbacks have run. */
    static long costOf(int records, long payloadBytes) {
        return payloadBytes + (long) RECORD_BYTES * records;
    }

    /** So much more waits. */
    void add(long cost) {
        change(cost);
    }

    /** So much less waits. */
    void remove(long cost) {
        change(-cost);
    }

    private void change(long cost) {
        long after = bytes.addAndGet(cost);
        int chunks = withheldAt(after) - withheldAt(after - cost);
        if (chunks != 0) {
            pool.withhold(chunks); // the differences add up, in whatever order threads come here
        }
    }

    private int withheldAt(long total) {
        return BufferPool.chunksFor(Math.max(0, total - freeBytes));
    }
}
