package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.PartitionSequences;
import dev.millrace.producer.internal.idempotence.Stamp;

/**
 * Sequence numbers of one partition of a transactional producer, 31-bit and wrapping to 0. Within a transaction nothing
 * starts over in another epoch: what is missing makes the transaction abort-only, and the next one has another epoch.
 *
 * <p>As many batches may be in flight as without transactions, and until the first one of an epoch is acknowledged only
 * one: a broker without state for the producer takes any first sequence (KAFKA-14359).
 */
@EventLoopOnly
final class TransactionalSequences implements PartitionSequences {

    static final int MAX_IN_FLIGHT = 5;

    private final TransactionIdentity identity;
    private int nextSequence;
    private boolean established;
    private boolean gap;
    private boolean forgotten; // nobody holds it; kept because the epoch goes on

    TransactionalSequences(TransactionIdentity identity) {
        this.identity = identity;
    }

    @Override
    public int maxInFlight() {
        return established ? MAX_IN_FLIGHT : 1;
    }

    @Override
    public boolean isReady() {
        return identity.isReady();
    }

    @Override
    public Stamp assign(int recordCount) {
        Stamp stamp = new Stamp(identity.producerId(), identity.epoch(), nextSequence);
        nextSequence = (nextSequence + recordCount) & Integer.MAX_VALUE;
        identity.onStamped();
        return stamp;
    }

    @Override
    public void onAcknowledged() {
        established = true;
        identity.onAcknowledged();
    }

    @Override
    public void onAbandoned() {
        gap = true;
        identity.onAbandoned();
    }

    @Override
    public boolean hasGap() {
        return gap;
    }

    @Override
    public void restart() {
        throw new IllegalStateException("sequences of a transaction start over only with the next one");
    }

    @Override
    public boolean mayRestart() {
        return false;
    }

    @Override
    public void rewind(int sequence) {
        nextSequence = sequence;
    }

    @Override
    public void forget() {
        forgotten = true;
    }

    void remember() {
        forgotten = false;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** There is another epoch. */
    void reset() {
        nextSequence = 0;
        established = false;
        gap = false;
    }
}
