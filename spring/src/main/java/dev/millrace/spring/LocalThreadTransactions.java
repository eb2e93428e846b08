package dev.millrace.spring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;

/** Without spring-tx: local transactions, each known from its start to its end and not a moment longer. */
final class LocalThreadTransactions implements ThreadTransactions {

    /** Shared by all templates, as a transaction counts for all templates of its factory. */
    static final LocalThreadTransactions INSTANCE = new LocalThreadTransactions();

    private record Place(Thread thread, ProducerFactory<?, ?> factory) {}

    private final Map<Place, ProducerTransaction<?, ?>> transactions = new ConcurrentHashMap<>();

    private LocalThreadTransactions() {}

    @Override
    @SuppressWarnings("unchecked") // a factory's key leads to transactions of that factory only
    public <K extends @Nullable Object, V extends @Nullable Object> @Nullable ProducerTransaction<K, V> current(
            ProducerFactory<K, V> factory) {
        return (ProducerTransaction<K, V>) transactions.get(here(factory));
    }

    @Override
    public boolean canJoin(TransactionSettings settings) {
        return false;
    }

    @Override
    public <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> join(
            ProducerFactory<K, V> factory, @Nullable ApplicationEventPublisher events) {
        throw new IllegalStateException("there is nothing to join without spring-tx");
    }

    @Override
    @SuppressWarnings("unchecked") // as in current
    public <K extends @Nullable Object, V extends @Nullable Object> @Nullable ProducerTransaction<K, V> replace(
            ProducerFactory<K, V> factory, @Nullable ProducerTransaction<K, V> next) {
        return (ProducerTransaction<K, V>)
                (next == null ? transactions.remove(here(factory)) : transactions.put(here(factory), next));
    }

    @Override
    public String hint() {
        return "";
    }

    private static Place here(ProducerFactory<?, ?> factory) {
        return new Place(Thread.currentThread(), factory);
    }
}
