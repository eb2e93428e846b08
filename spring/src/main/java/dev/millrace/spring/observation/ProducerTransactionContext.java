package dev.millrace.spring.observation;

import dev.millrace.spring.TransactionOperation;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/** What is known of a transaction: how it ended, from its end. */
public final class ProducerTransactionContext extends Observation.Context {

    private final String producerName;
    private volatile @Nullable String transactionalId; // null until it has ended, and if there was no producer
    private volatile TransactionOperation.@Nullable Outcome outcome; // null until it has ended

    ProducerTransactionContext(String producerName) {
        this.producerName = producerName;
    }

    /** Name of the factory, in a context that of its bean. */
    public String getProducerName() {
        return producerName;
    }

    /** Whose transaction it was; null while it is open, and if no producer was to be had. */
    public @Nullable String getTransactionalId() {
        return transactionalId;
    }

    /** How it ended; null while it is open. */
    public TransactionOperation.@Nullable Outcome getOutcome() {
        return outcome;
    }

    void end(@Nullable String id, TransactionOperation.Outcome how) {
        this.transactionalId = id;
        this.outcome = how;
    }
}
