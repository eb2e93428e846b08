package dev.millrace.producer.internal.idempotence;

import org.jspecify.annotations.Nullable;

/**
 * Sequence numbers of one partition of an idempotent producer.
 *
 * <p>Sequences are 31-bit and wrap to 0 after {@link Integer#MAX_VALUE}. At most {@value #MAX_IN_FLIGHT} batches may be in
 * flight, because a broker remembers as many for each producer and partition (Kafka 4.0, ProducerStateEntry). Until the
 * first batch of an epoch is acknowledged only one may: a broker without state for the producer takes any first sequence,
 * so the second batch could be taken before a delayed first one (KAFKA-14359).
 */
final class NumberedPartition implements PartitionSequences {

    static final int MAX_IN_FLIGHT = 5;

    private final IdentitySource identities;

    private @Nullable ProducerIdentity identity; // null until the first batch, and after the last epoch of an identity
    private short epoch;
    private int nextSequence;
    private boolean established;
    private boolean gap;

    NumberedPartition(IdentitySource identities) {
        this.identities = identities;
    }

    @Override
    public int maxInFlight() {
        return established ? MAX_IN_FLIGHT : 1;
    }

    @Override
    public boolean isReady() {
        return identity != null || identities.current() != null;
    }

    @Override
    public Stamp assign(int recordCount) {
        ProducerIdentity current = identity;
        if (current == null) {
            current = identities.current();
            if (current == null) {
                throw new IllegalStateException("no producer id to stamp a batch with");
            }
            identity = current;
            epoch = identities.firstEpoch();
            nextSequence = identities.firstSequence();
        }
        Stamp stamp = new Stamp(current.producerId(), epoch, nextSequence);
        nextSequence = advance(nextSequence, recordCount);
        return stamp;
    }

    @Override
    public void onAcknowledged() {
        established = true;
    }

    @Override
    public void onAbandoned() {
        gap = true;
    }

    @Override
    public boolean hasGap() {
        return gap;
    }

    @Override
    public boolean mayRestart() {
        return true;
    }

    @Override
    public void rewind(int sequence) {
        nextSequence = sequence;
    }

    @Override
    public void restart() {
        gap = false;
        established = false;
        nextSequence = 0;
        if (identity != null && identities.isForeign(identity)) {
            identity = null;
        } else if (epoch < Short.MAX_VALUE) {
            epoch++;
        } else if (identity != null) {
            identities.retire(identity);
            identity = null;
        }
    }

    @Override
    public void forget() {
        if (identity != null) {
            identities.used(identity, epoch);
        }
    }

    /** The sequence that follows {@code count} records from {@code sequence} on, modulo 2^31. */
    static int advance(int sequence, int count) {
        return (sequence + count) & Integer.MAX_VALUE;
    }
}
