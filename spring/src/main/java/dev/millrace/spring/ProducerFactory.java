package dev.millrace.spring;

import dev.millrace.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the engine producer an application shares and, if it is transactional, those its transactions take turns with.
 * Safe for use by any number of threads.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ProducerFactory<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * The shared producer, opened by the first call. Opening does no I/O. The factory owns it and closes it: callers
     * neither close nor keep it, because a restart of the factory brings another one.
     *
     * @throws IllegalStateException if the factory is stopped
     */
    Producer<K, V> getSharedProducer();

    /** What messages and log lines call the producer. */
    String getName();

    /** Whether records are sent in transactions. */
    default boolean isTransactional() {
        return false;
    }

    /**
     * Lends a producer to each transaction.
     *
     * @throws TransactionsNotEnabledException if the factory is not transactional
     */
    default TransactionalProducerPool<K, V> getTransactionalProducers() {
        throw new TransactionsNotEnabledException(getName());
    }

    /**
     * How transactions are done.
     *
     * @throws TransactionsNotEnabledException if the factory is not transactional
     */
    default TransactionSettings getTransactionSettings() {
        throw new TransactionsNotEnabledException(getName());
    }
}
