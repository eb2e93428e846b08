package dev.millrace.spring.observation;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.spring.SendOperation;
import dev.millrace.spring.TemplateInstrumentation;
import dev.millrace.spring.TransactionOperation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes the sends of a template, and the transactions that begin with them, in a registry. With a registry that does
 * nothing this does nothing, too. What conventions and handlers throw is logged once in a while, and the record is sent all
 * the same.
 */
public final class ProducerObservations implements TemplateInstrumentation {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerObservations.class);
    private static final ProducerObservationConvention SEND = new DefaultProducerObservationConvention();
    private static final ProducerTransactionObservationConvention TRANSACTION =
            new DefaultProducerTransactionObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable String clientId;
    private final Supplier<@Nullable String> clusterId;
    private volatile @Nullable ProducerObservationConvention sendConvention; // null for the registry's, or the default
    private volatile @Nullable ProducerTransactionObservationConvention transactionConvention; // as above
    private final AtomicLong failures = new AtomicLong();

    /** Of a producer of which nothing more is known. */
    public ProducerObservations(ObservationRegistry registry) {
        this(registry, null, () -> null);
    }

    /**
     * Of a producer that is known better.
     *
     * @param clientId what brokers see in logs and quotas; null if unknown
     * @param clusterId asked at each send and must not wait for anything; null as long as it is unknown
     */
    public ProducerObservations(
            ObservationRegistry registry, @Nullable String clientId, Supplier<@Nullable String> clusterId) {
        this.registry = registry;
        this.clientId = clientId;
        this.clusterId = clusterId;
    }

    /** Names sends in another way; null for the default. */
    public void setSendConvention(@Nullable ProducerObservationConvention convention) {
        this.sendConvention = convention;
    }

    /** Names transactions in another way; null for the default. */
    public void setTransactionConvention(@Nullable ProducerTransactionObservationConvention convention) {
        this.transactionConvention = convention;
    }

    @Override
    public <K extends @Nullable Object, V extends @Nullable Object> @Nullable SendOperation<K, V> startSend(
            String producerName, ProducerRecord<K, V> record, @Nullable TransactionOperation within) {
        return startSend(
                producerName,
                record,
                within instanceof ObservedTransaction transaction ? transaction.observation() : null);
    }

    private <K extends @Nullable Object, V extends @Nullable Object> @Nullable SendOperation<K, V> startSend(
            String producerName, ProducerRecord<K, V> record, @Nullable Observation parent) {
        if (registry.isNoop()) {
            return null;
        }
        try {
            ProducerSendContext context = new ProducerSendContext(producerName, record, clientId, clusterId.get());
            Observation observation = Observation.createNotStarted(sendConvention, SEND, () -> context, registry);
            if (observation.isNoop()) {
                return null;
            }
            if (parent != null) { // else the one in scope
                observation.parentObservation(parent);
            }
            observation.start();
            return new ObservedSend<>(this, observation, context, record);
        } catch (RuntimeException failure) {
            tellFailure(failure);
            return null;
        }
    }

    @Override
    public @Nullable TransactionOperation startTransaction(String producerName) {
        if (registry.isNoop()) {
            return null;
        }
        try {
            ProducerTransactionContext context = new ProducerTransactionContext(producerName);
            Observation observation =
                    Observation.createNotStarted(transactionConvention, TRANSACTION, () -> context, registry);
            if (observation.isNoop()) {
                return null;
            }
            observation.start();
            return new ObservedTransaction(this, observation, context);
        } catch (RuntimeException failure) {
            tellFailure(failure);
            return null;
        }
    }

    @Override
    public TemplateInstrumentation forOtherThreads() {
        Observation caller = registry.getCurrentObservation();
        return caller == null ? this : new OfCaller(caller);
    }

    /** Sends that are children of what the caller of {@code sendAll} was about. */
    private final class OfCaller implements TemplateInstrumentation {

        private final Observation caller;

        OfCaller(Observation caller) {
            this.caller = caller;
        }

        @Override
        public <K extends @Nullable Object, V extends @Nullable Object> @Nullable SendOperation<K, V> startSend(
                String producerName, ProducerRecord<K, V> record, @Nullable TransactionOperation within) {
            return ProducerObservations.this.startSend(
                    producerName,
                    record,
                    within instanceof ObservedTransaction transaction ? transaction.observation() : caller);
        }

        @Override
        public @Nullable TransactionOperation startTransaction(String producerName) {
            return ProducerObservations.this.startTransaction(producerName);
        }
    }

    ObservationRegistry registry() {
        return registry;
    }

    /** The application's handlers are at fault, or its conventions. */
    void tellFailure(RuntimeException failure) {
        long count = failures.incrementAndGet();
        if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th, 8th …: must not flood the log
            LOGGER.error("observation failed: failures={}", count, failure);
        }
    }
}
