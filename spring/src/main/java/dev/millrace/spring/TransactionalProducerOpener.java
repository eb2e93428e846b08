package dev.millrace.spring;

import dev.millrace.producer.TransactionalProducer;
import org.jspecify.annotations.Nullable;

/** Opens a transactional engine producer with the application's plug-ins. */
@FunctionalInterface
interface TransactionalProducerOpener<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * A producer that is not initialised yet.
     *
     * @param slot its number among those of the pool
     */
    TransactionalProducer<K, V> open(
            TransactionSettings settings, String transactionalId, int slot, ProducerPlugIns<K, V> plugIns);
}
