package dev.millrace.producer.internal.idempotence;

/** Whether and how a producer protects its batches against duplication. Confined to the event loop. */
public interface Idempotence {

    /** The sequences of a partition that has none. */
    PartitionSequences newPartition();

    /** Makes sure that an identity is there or on its way. */
    void prepare();

    /** Why there is no identity yet, as the end of a sentence; empty if nothing is wrong so far. */
    String problem();

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
        public String problem() {
            return "";
        }

        @Override
        public void close() {
            // nothing is asked
        }
    };
}
