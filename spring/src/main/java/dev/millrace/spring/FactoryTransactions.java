package dev.millrace.spring;

import dev.millrace.producer.TransactionalProducer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The transactional half of a {@link DefaultProducerFactory}: settings and ids until the first use, the pool from then on. */
final class FactoryTransactions<K extends @Nullable Object, V extends @Nullable Object> {

    private final Logger logger;
    private final Supplier<String> name;
    private final Supplier<ProducerPlugIns<K, V>> plugIns;
    private final TransactionalProducerOpener<K, V> opener;
    private final PoolTimer timer;

    /** Guards what follows; never held while a producer opens or closes. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable TransactionSettings settings; // null if there are no transactions
    private TransactionIdStrategy idStrategy = TransactionIdStrategy.PREFIX_INSTANCE_SLOT;
    private @Nullable DefaultTransactionalProducerPool<K, V> pool; // null before it is asked for
    private boolean isClosed;
    private boolean areIdsTold;

    /**
     * Without transactions until there are settings.
     *
     * @param plugIns asked when a producer is to be opened, which it may refuse
     */
    FactoryTransactions(
            Logger logger,
            Supplier<String> name,
            Supplier<ProducerPlugIns<K, V>> plugIns,
            TransactionalProducerOpener<K, V> opener,
            PoolTimer timer) {
        this.logger = logger;
        this.name = name;
        this.plugIns = plugIns;
        this.opener = opener;
        this.timer = timer;
    }

    void setSettings(@Nullable TransactionSettings given) {
        beforeUse(() -> settings = given);
    }

    void setIdStrategy(TransactionIdStrategy strategy) {
        Objects.requireNonNull(strategy, "strategy must not be null");
        beforeUse(() -> idStrategy = strategy);
    }

    private void beforeUse(Runnable change) {
        lock.lock();
        try {
            if (pool != null) {
                throw new IllegalStateException(
                        "Producer '" + name.get() + "' does transactions already; configure them before its first use");
            }
            change.run();
        } finally {
            lock.unlock();
        }
    }

    boolean areEnabled() {
        return settings != null;
    }

    TransactionSettings settings() {
        TransactionSettings given = settings;
        if (given == null) {
            throw new TransactionsNotEnabledException(name.get());
        }
        return given;
    }

    TransactionalProducerPool<K, V> pool() {
        TransactionSettings given = settings();
        lock.lock();
        try {
            DefaultTransactionalProducerPool<K, V> lending = pool;
            if (lending == null) {
                lending = new DefaultTransactionalProducerPool<>(name, given, this::open, timer, isClosed);
                pool = lending;
            }
            return lending;
        } finally {
            lock.unlock();
        }
    }

    private TransactionalProducer<K, V> open(int slot) {
        ProducerPlugIns<K, V> current = plugIns.get();
        tellIds();
        TransactionSettings given = settings();
        return opener.open(given, transactionalId(given, slot), slot, current);
    }

    private String transactionalId(TransactionSettings given, int slot) {
        return idStrategy.transactionalId(given.idPrefix(), given.instanceId(), slot);
    }

    /** Once, so that whoever grants access to them, or looks for who fences whom, finds them. */
    void tellIds() {
        TransactionSettings given = settings;
        if (given != null && isFirstToTell()) {
            logger.info(
                    "[producer={}] transactional ids begin with '{}': '{}' and so on, {}",
                    name.get(),
                    given.idPrefix(),
                    transactionalId(given, 0),
                    given.maxProducers() == 0
                            ? "one for each transaction that runs at a time"
                            : "at most " + given.maxProducers());
        }
    }

    private boolean isFirstToTell() {
        lock.lock();
        try {
            boolean isFirst = !areIdsTold;
            areIdsTold = true;
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    /** Closes producers as they are returned; new ones follow. */
    void reset() {
        DefaultTransactionalProducerPool<K, V> lending = existing();
        if (lending != null) {
            lending.reset();
        }
    }

    private @Nullable DefaultTransactionalProducerPool<K, V> existing() {
        lock.lock();
        try {
            return pool;
        } finally {
            lock.unlock();
        }
    }

    /** Lends again after {@link #close}. */
    void reopen() {
        DefaultTransactionalProducerPool<K, V> lending = setClosed(false);
        if (lending != null) {
            lending.reopen();
        }
    }

    /**
     * Lends no more and closes all producers within the timeout.
     *
     * @return complete when they are closed
     */
    CompletableFuture<Void> close(Duration timeout) {
        DefaultTransactionalProducerPool<K, V> lending = setClosed(true);
        return lending == null ? CompletableFuture.completedFuture(null) : lending.close(timeout);
    }

    private @Nullable DefaultTransactionalProducerPool<K, V> setClosed(boolean closed) {
        lock.lock();
        try {
            isClosed = closed;
            return pool;
        } finally {
            lock.unlock();
        }
    }
}
