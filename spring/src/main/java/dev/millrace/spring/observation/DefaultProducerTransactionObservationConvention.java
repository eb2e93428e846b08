package dev.millrace.spring.observation;

import dev.millrace.spring.TransactionOperation.Outcome;
import dev.millrace.spring.observation.ProducerObservation.TransactionHighCardinalityKey;
import dev.millrace.spring.observation.ProducerObservation.TransactionLowCardinalityKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Locale;
import java.util.Objects;

/** OpenTelemetry has no conventions for transactions; these keys are ours but for the system. */
public class DefaultProducerTransactionObservationConvention implements ProducerTransactionObservationConvention {

    private static final KeyValue SYSTEM = TransactionLowCardinalityKey.SYSTEM.withValue("kafka");

    /** As it is. */
    public DefaultProducerTransactionObservationConvention() {}

    @Override
    public String getName() {
        return Objects.requireNonNull(ProducerObservation.TRANSACTION.getName());
    }

    @Override
    public String getContextualName(ProducerTransactionContext context) {
        return "transaction " + context.getProducerName();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ProducerTransactionContext context) {
        Outcome outcome = context.getOutcome();
        return KeyValues.of(
                SYSTEM,
                TransactionLowCardinalityKey.PRODUCER_NAME.withValue(context.getProducerName()),
                TransactionLowCardinalityKey.OUTCOME.withValue(
                        outcome == null ? KeyValue.NONE_VALUE : outcome.name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ProducerTransactionContext context) {
        String id = context.getTransactionalId();
        return id == null
                ? KeyValues.empty()
                : KeyValues.of(TransactionHighCardinalityKey.TRANSACTIONAL_ID.withValue(id));
    }
}
