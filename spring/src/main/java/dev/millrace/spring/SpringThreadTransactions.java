package dev.millrace.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** With spring-tx: transactions are bound to the thread as those of every other manager are, with the factory as key. */
final class SpringThreadTransactions implements ThreadTransactions {

    @Override
    @SuppressWarnings("unchecked") // a factory's key leads to transactions of that factory only
    public <K extends @Nullable Object, V extends @Nullable Object> @Nullable ProducerTransaction<K, V> current(
            ProducerFactory<K, V> factory) {
        return (ProducerTransaction<K, V>) bound(factory);
    }

    /** One that has ended is not there, although whoever ended it has not put it away yet. */
    static @Nullable ProducerTransaction<?, ?> bound(Object factory) {
        ProducerTransaction<?, ?> bound =
                (ProducerTransaction<?, ?>) TransactionSynchronizationManager.getResource(factory);
        return bound == null || bound.hasEnded() || isCompleting(bound) ? null : bound;
    }

    /** While Spring tells of a completion nothing can be made part of what is being completed. */
    private static boolean isCompleting(ProducerTransaction<?, ?> bound) {
        return bound.isJoined() && !TransactionSynchronizationManager.isSynchronizationActive();
    }

    @Override
    public boolean canJoin(TransactionSettings settings) {
        return settings.synchronization() == TransactionSettings.Synchronization.AUTO
                && TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    @Override
    public <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> join(
            ProducerFactory<K, V> factory, @Nullable ApplicationEventPublisher events) {
        return JoinedTransactions.current(events).join(factory);
    }

    @Override
    @SuppressWarnings("unchecked") // as in current
    public <K extends @Nullable Object, V extends @Nullable Object> @Nullable ProducerTransaction<K, V> replace(
            ProducerFactory<K, V> factory, @Nullable ProducerTransaction<K, V> next) {
        ProducerTransaction<K, V> last =
                (ProducerTransaction<K, V>) TransactionSynchronizationManager.unbindResourceIfPossible(factory);
        if (next != null) {
            TransactionSynchronizationManager.bindResource(factory, next);
        }
        return last;
    }

    /** Synchronization ends before the callbacks after the completion; "actual transaction active" outlasts them. */
    @Override
    public String hint() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                        && !TransactionSynchronizationManager.isSynchronizationActive()
                ? "The surrounding transaction is completed already: what is sent in afterCompletion needs a transaction of"
                        + " its own"
                : "";
    }
}
