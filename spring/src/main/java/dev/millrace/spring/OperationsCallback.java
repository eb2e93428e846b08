package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/**
 * What is done within one local transaction.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 * @param <T> type of the result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface OperationsCallback<
        K extends @Nullable Object, V extends @Nullable Object, T extends @Nullable Object, X extends Exception> {

    /** Sends what belongs together, on the thread it is called on. */
    T run(ProducerOperations<K, V> operations) throws X;
}
