package dev.millrace.producer.internal.idempotence;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.protocol.ApiKey;
import org.jspecify.annotations.Nullable;

/** Whether and how a producer protects its batches against duplication. Confined to the event loop. */
public interface Idempotence {

    /** The sequences of a partition that has none. */
    PartitionSequences newPartition(TopicPartition partition);

    /** The id under which batches belong to a transaction, null if they belong to none. */
    default @Nullable String transactionalId() {
        return null;
    }

    /** The newest version of Produce that may carry the batches that can be stamped now. */
    default short produceVersionLimit() {
        return ApiKey.PRODUCE.versions().max();
    }

    /** Makes sure that an identity is there or on its way. */
    void prepare();

    /**
     * The cluster has forgotten the identity a batch was stamped with, and has not taken the batch.
     *
     * @return whether the batch waits for another identity; false if it fails
     */
    default boolean onForgotten() {
        return false;
    }

    /** Why there is no identity yet, as the end of a sentence; empty if nothing is wrong so far. */
    String problem();

    /** Asks no more. */
    void close();

    /** No protection. */
    Idempotence NONE = new Idempotence() {
        @Override
        public PartitionSequences newPartition(TopicPartition partition) {
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
