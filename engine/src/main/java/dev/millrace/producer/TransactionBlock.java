package dev.millrace.producer;

import org.jspecify.annotations.Nullable;

/**
 * What is done within one transaction.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 * @param <T> type of the result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface TransactionBlock<
        K extends @Nullable Object, V extends @Nullable Object, T extends @Nullable Object, X extends Exception> {

    /** Sends what belongs together. */
    T run(TransactionalProducer<K, V> producer) throws X;
}
