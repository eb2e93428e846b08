package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Stamp;

/** A batch from its drain until it ends: what was tried with it and what came of it. */
@EventLoopOnly
final class DrainedBatch {

    static final int NO_NODE = -1;

    private final PartitionState partition;
    private final ProducerBatch batch;
    private int sequence;
    private boolean inFlight;
    private boolean splitting;
    private boolean mayHaveBeenWritten;
    private int attempts;
    private int lastNode = NO_NODE;
    private ErrorCode lastError = ErrorCode.NONE;
    private String lastDetail = "";

    DrainedBatch(PartitionState partition, ProducerBatch batch) {
        this.partition = partition;
        this.batch = batch;
    }

    PartitionState partition() {
        return partition;
    }

    ProducerBatch batch() {
        return batch;
    }

    void stamp(Stamp stamp, boolean transactional) {
        batch.stamp(stamp.producerId(), stamp.producerEpoch(), stamp.baseSequence(), transactional);
        sequence = stamp.baseSequence();
    }

    /** Begins where another batch began, whose records it has. */
    void takePlaceOf(DrainedBatch other) {
        sequence = other.sequence;
    }

    /** Sequence of its first record, when it was stamped last. */
    int sequence() {
        return sequence;
    }

    void sentTo(int node, long nowNanos) {
        batch.times().sent(nowNanos);
        inFlight = true;
        attempts++;
        lastNode = node;
    }

    /** No transport borrows the bytes any more. */
    void returned(long nowNanos) {
        batch.times().returned(nowNanos);
        inFlight = false;
    }

    void splitBegun() {
        splitting = true;
    }

    void splitEnded() {
        splitting = false;
    }

    void failedWith(ErrorCode error, String detail, boolean written) {
        lastError = error;
        lastDetail = detail;
        mayHaveBeenWritten |= written;
    }

    /** The broker says that no copy is in the log. */
    void foundMissing() {
        mayHaveBeenWritten = false;
    }

    boolean isInFlight() {
        return inFlight;
    }

    /** Whether a transport or a compression thread reads its memory. */
    boolean isBorrowed() {
        return inFlight || splitting;
    }

    /** Whether it was ever handed to a connection, so that its sequence may be used up. */
    boolean wasSent() {
        return attempts > 0;
    }

    /** Whether a copy may be in the log: an attempt ended without a clear no, or is still under way. */
    boolean mayHaveBeenWritten() {
        return mayHaveBeenWritten || inFlight;
    }

    int attempts() {
        return attempts;
    }

    int lastNode() {
        return lastNode;
    }

    ErrorCode lastError() {
        return lastError;
    }

    String lastDetail() {
        return lastDetail;
    }
}
