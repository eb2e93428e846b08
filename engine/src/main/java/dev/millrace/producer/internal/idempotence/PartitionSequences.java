package dev.millrace.producer.internal.idempotence;

/**
 * Sequence numbers of one partition.
 *
 * <p>Each partition has an epoch of its own: brokers keep epoch and sequences for each partition and producer id, so one
 * partition can start over without touching the others. Confined to the event loop.
 */
public interface PartitionSequences {

    /** How many batches of the partition may be in flight now without endangering their order. */
    int maxInFlight();

    /** Whether a batch can be stamped now; false while an identity is being fetched. */
    boolean isReady();

    /** The stamp of the next batch. Only while {@link #isReady}. */
    Stamp assign(int recordCount);

    /** A broker has taken a batch of the current epoch. */
    void onAcknowledged();

    /** A stamped batch was given up: its sequence is missing, or nobody knows. */
    void onAbandoned();

    /** Whether a sequence is missing, so that the broker will refuse what follows until {@link #restart}. */
    boolean hasGap();

    /**
     * Whether {@link #restart} may be called. The epoch of a transaction is its coordinator's: there nothing starts over,
     * and what a gap leaves behind fails.
     */
    boolean mayRestart();

    /** Starts over with the next epoch and sequence 0. Only while nothing stamped earlier can still arrive. */
    void restart();

    /**
     * Goes back in the same epoch: the next stamp has this sequence. Only while nothing stamped earlier can still arrive,
     * and the broker expects this very sequence.
     */
    void rewind(int sequence);

    /**
     * The partition is given up as idle. Should it be used again it gets new sequences, which start in an epoch the broker
     * has not seen of it. Only while nothing of it is under way; nothing may be called afterwards.
     */
    void forget();

    /** For producers without idempotence: no stamps, and order kept by having one batch in flight. */
    PartitionSequences NONE = new PartitionSequences() {
        @Override
        public int maxInFlight() {
            return 1;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Stamp assign(int recordCount) {
            return Stamp.NONE;
        }

        @Override
        public void onAcknowledged() {
            // nothing to count
        }

        @Override
        public void onAbandoned() {
            // nothing is missed
        }

        @Override
        public boolean hasGap() {
            return false;
        }

        @Override
        public boolean mayRestart() {
            return true;
        }

        @Override
        public void restart() {
            // nothing to start over
        }

        @Override
        public void rewind(int sequence) {
            // nothing to go back to
        }

        @Override
        public void forget() {
            // nothing is known
        }
    };
}
