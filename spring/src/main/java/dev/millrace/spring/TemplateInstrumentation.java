package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sees what a template does while it does it: tracing begins here. Safe for use by any number of threads; throws nothing.
 *
 * @see dev.millrace.spring.observation.ProducerObservations
 */
public interface TemplateInstrumentation {

    /**
     * A record is about to be sent, on the caller's thread.
     *
     * @param producerName the factory's name
     * @param record as the caller gave it; stays as it is
     * @param within the transaction it is part of; null for none, or for one that is of no interest
     * @return null if nobody wants to know
     */
    <K extends @Nullable Object, V extends @Nullable Object> @Nullable SendOperation<K, V> startSend(
            String producerName, ProducerRecord<K, V> record, @Nullable TransactionOperation within);

    /**
     * A transaction begins, on the thread it is bound to: something is about to be sent in it.
     *
     * @return null if nobody wants to know
     */
    @Nullable
    TransactionOperation startTransaction(String producerName);

    /**
     * The same for records that other threads send for the calling one, as those of a {@code sendAll} are: what goes on here
     * goes on there.
     */
    default TemplateInstrumentation forOtherThreads() {
        return this;
    }
}
