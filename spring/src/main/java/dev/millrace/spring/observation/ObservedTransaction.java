package dev.millrace.spring.observation;

import dev.millrace.spring.TransactionOperation;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * A transaction under observation. It is the parent of its sends but in nobody's scope: what an application opens and closes
 * between the first send and the commit may overlap with it in any way.
 */
final class ObservedTransaction implements TransactionOperation {

    private final ProducerObservations owner;
    private final Observation observation;
    private final ProducerTransactionContext context;

    ObservedTransaction(ProducerObservations owner, Observation observation, ProducerTransactionContext context) {
        this.owner = owner;
        this.observation = observation;
        this.context = context;
    }

    Observation observation() {
        return observation;
    }

    @Override
    public void stop(String transactionalId, Outcome outcome, @Nullable Throwable failure) {
        try {
            context.end(transactionalId.equals(context.getProducerName()) ? null : transactionalId, outcome);
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        } catch (RuntimeException broken) {
            owner.tellFailure(broken);
        }
    }
}
