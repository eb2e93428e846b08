package dev.millrace.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.ClassUtils;

/**
 * Which transaction of a producer factory the current thread is in. Two ways to know: with spring-tx, where transactions
 * of its managers count, and without, where only local ones exist.
 */
interface ThreadTransactions {

    /** As the class path allows; spring-tx is not touched if it is not there. */
    static ThreadTransactions forClassPath() {
        return isSpringTxPresent() ? new SpringThreadTransactions() : LocalThreadTransactions.INSTANCE;
    }

    private static boolean isSpringTxPresent() {
        return ClassUtils.isPresent(
                "org.springframework.transaction.support.TransactionSynchronizationManager",
                ThreadTransactions.class.getClassLoader());
    }

    /** The transaction a send on this thread goes to; null if there is none yet. */
    <K extends @Nullable Object, V extends @Nullable Object> @Nullable ProducerTransaction<K, V> current(
            ProducerFactory<K, V> factory);

    /** Whether a send on this thread can join a transaction of another manager. */
    boolean canJoin(TransactionSettings settings);

    /**
     * A new transaction that ends with that of another manager.
     *
     * @param events for failures nobody can be told of; null for none
     */
    <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> join(
            ProducerFactory<K, V> factory, @Nullable ApplicationEventPublisher events);

    /**
     * Puts another transaction of the factory in the place of the one that is there.
     *
     * @param next null for none
     * @return what was there; null if nothing
     */
    <K extends @Nullable Object, V extends @Nullable Object> @Nullable ProducerTransaction<K, V> replace(
            ProducerFactory<K, V> factory, @Nullable ProducerTransaction<K, V> next);

    /** What is special about a moment without transaction; empty for nothing. */
    String hint();
}
