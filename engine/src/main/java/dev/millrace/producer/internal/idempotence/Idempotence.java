package dev.millrace.producer.internal.idempotence;

/** Whether and how a producer protects its batches against duplication. Confined to the event loop. */
public interface Idempotence {

    /** The sequences of a partition that has none. */
    PartitionSequences newPartition();

    /** Makes sure that an identity is there or on its way. */
    void prepare();

    /** Asks no more. */
    void close();

    /** No protection. */
    Idempotence NONE = new Idempotence() {
        @Override
        public PartitionSequences newPartition() {
            return PartitionSequences.NONE;
        }

        @Override
        public void prepare() {
            // no identity is needed
        }

        @Override
        public void close() {
            // nothing is asked
        }
    };
}
