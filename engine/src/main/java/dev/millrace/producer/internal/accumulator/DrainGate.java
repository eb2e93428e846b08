package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.TopicPartition;

/** Decides which batches may go to the brokers: those of a transaction only once the coordinator knows of their partition. */
public interface DrainGate {

    /**
     * Whether batches of the partition may be sent now. If not, whoever holds the gate opens it later and says so. Event
     * loop.
     */
    boolean admits(TopicPartition partition);

    /** Whether what comes back unacknowledged fails instead of being sent again: the transaction is being aborted. */
    boolean isEnding();

    /** Everything may go. */
    DrainGate OPEN = new DrainGate() {
        @Override
        public boolean admits(TopicPartition partition) {
            return true;
        }

        @Override
        public boolean isEnding() {
            return false;
        }
    };
}
