package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/**
 * Asked for each engine producer that a factory opens, the shared one and those of transactions: metrics, health and
 * diagnosis begin here. Safe for use by any number of threads.
 */
@FunctionalInterface
public interface ProducerFactoryListener {

    /**
     * A producer is about to be opened. Runs on the thread that needs it, under a lock of the factory: it must not send.
     *
     * @param factory whose producer it will be
     * @param clientId what brokers will see in their logs and quotas
     * @param transactionalId null for the shared producer
     * @return hears of everything that happens to it; null for nobody
     */
    @Nullable ProducerWatch watch(ProducerFactory<?, ?> factory, String clientId, @Nullable String transactionalId);
}
