package dev.millrace.spring;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Producer;
import dev.millrace.producer.Producers;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Opens one engine producer at first use and closes it with the application context.
 *
 * <p>Usable as soon as it is constructed. Starts before and stops after all other beans with a life cycle, so that they
 * can send until their own end. {@link #stop()} delivers what it can within the close timeout; after it, use is refused
 * until {@link #start()}, which brings a new producer. Safe for use by any number of threads.
 *
 * <p>Serializers, partitioner, interceptors and observers are used by every producer this factory opens, one after the
 * other, and closed by none: closing them is up to whoever made them, in a context to Spring.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public class DefaultProducerFactory<K extends @Nullable Object, V extends @Nullable Object>
        implements ProducerFactory<K, V>, SmartLifecycle, BeanNameAware, DisposableBean {

    /** Below the 30 s Spring gives a phase of beans to stop. */
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(25);

    /** Starts first, stops last. */
    public static final int DEFAULT_PHASE = Integer.MIN_VALUE;

    private static final Logger LOGGER = LoggerFactory.getLogger(DefaultProducerFactory.class);

    private final ProducerConfig config;
    private final ProducerOpener<K, V> opener;
    private final FactoryTransactions<K, V> transactions;
    private final CloseReportLog closeReportLog = new CloseReportLog(LOGGER);

    private volatile Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
    private volatile boolean autoStartup = true;
    private volatile String name = "producer";

    private volatile @Nullable UndeliveredRecords undeliveredRecords; // null if the log is enough
    private volatile @Nullable Duration startupTimeout; // null if a start does not wait for the cluster

    /** Guards the moves between states, the plug-ins and the two producers; never held while a producer closes. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile FactoryState state = FactoryState.NEW;
    private ProducerPlugIns<K, V> plugIns = ProducerPlugIns.none();
    private volatile @Nullable Producer<K, V> producer;
    /** Set while the last producer closes. */
    private @Nullable Producer<K, V> closing;

    /** Over a checked configuration; opens nothing. */
    public DefaultProducerFactory(ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(
                config,
                plugIns ->
                        builder(config, keySerializer, valueSerializer, plugIns).open(),
                (settings, id, slot, plugIns) -> builder(
                                transactional(config, settings, id, slot), keySerializer, valueSerializer, plugIns)
                        .openTransactional(),
                PoolTimer.SYSTEM);
    }

    /** With another way to open the engine, which does no transactions. */
    DefaultProducerFactory(ProducerConfig config, ProducerOpener<K, V> opener) {
        this(
                config,
                opener,
                (settings, id, slot, plugIns) -> {
                    throw new IllegalStateException("no transactions here");
                },
                PoolTimer.SYSTEM);
    }

    /** With other ways to open the engine, and another clock for what is pooled. */
    DefaultProducerFactory(
            ProducerConfig config,
            ProducerOpener<K, V> opener,
            TransactionalProducerOpener<K, V> transactionalOpener,
            PoolTimer poolTimer) {
        this.config = Objects.requireNonNull(config, "config must not be null");
        this.opener = opener;
        this.transactions = new FactoryTransactions<>(
                LOGGER,
                this::getName,
                this::plugInsForUse,
                (settings, id, slot, plugIns) -> openWatched(transactionalOpener, settings, id, slot, plugIns),
                poolTimer);
    }

    private TransactionalProducer<K, V> openWatched(
            TransactionalProducerOpener<K, V> transactionalOpener,
            TransactionSettings settings,
            String id,
            int slot,
            ProducerPlugIns<K, V> given) {
        WatchedPlugIns<K, V> watched = WatchedPlugIns.of(given, this, clientId(config, slot), id);
        TransactionalProducer<K, V> open = transactionalOpener.open(settings, id, slot, watched.plugIns());
        watched.opened(name, open::snapshot);
        return open;
    }

    private static String clientId(ProducerConfig config, int slot) {
        return config.clientId() + "-tx-" + slot;
    }

    private static <K extends @Nullable Object, V extends @Nullable Object> Producers.Builder<K, V> builder(
            ProducerConfig config,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            ProducerPlugIns<K, V> plugIns) {
        return plugIns.applyTo(Producers.builder(config, keySerializer, valueSerializer));
    }

    static ProducerConfig transactional(
            ProducerConfig config, TransactionSettings settings, String transactionalId, int slot) {
        ProducerConfig.Builder builder =
                config.toBuilder().clientId(clientId(config, slot)).transactionalId(transactionalId);
        if (!settings.timeout().equals(config.transaction().timeout())) {
            builder.transactionTimeout(settings.timeout()); // what is a default stays one, and gives no warnings
        }
        return builder.build();
    }

    @Override
    public Producer<K, V> getSharedProducer() {
        Producer<K, V> open = producer;
        return open != null ? open : openProducer();
    }

    /** The bean's name, or {@code producer} outside of a context. */
    @Override
    public String getName() {
        return name;
    }

    /** What the engine is opened with. */
    public ProducerConfig getConfig() {
        return config;
    }

    /** How long {@link #stop()} may take to deliver what is still waiting. */
    public Duration getCloseTimeout() {
        return closeTimeout;
    }

    /**
     * Sets how long {@link #stop()} may take.
     *
     * @param closeTimeout zero fails at once everything not yet delivered
     * @throws IllegalArgumentException if negative
     */
    public void setCloseTimeout(Duration closeTimeout) {
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "close timeout must not be negative: " + closeTimeout.toMillis() + " ms; use 0 to close at once");
        }
        this.closeTimeout = closeTimeout;
    }

    /**
     * Hands over what a closed producer could not deliver, besides the line in the log.
     *
     * @param handler null for nobody
     */
    public void setUndeliveredRecords(@Nullable UndeliveredRecords handler) {
        this.undeliveredRecords = handler;
    }

    /**
     * Lets {@link #start()} wait until the cluster has answered, and fail if it does not in this time.
     *
     * @param startupTimeout null to start without a look at the cluster, which is the default
     * @throws IllegalArgumentException if not positive
     */
    public void setFailFast(@Nullable Duration startupTimeout) {
        if (startupTimeout != null && (startupTimeout.isNegative() || startupTimeout.isZero())) {
            throw new IllegalArgumentException("startup timeout must be positive: " + startupTimeout.toMillis()
                    + " ms; do not fail fast to wait for nothing");
        }
        this.startupTimeout = startupTimeout;
    }

    /**
     * Lets this partitioner choose instead of the configured one, for records that name no partition. Concerns producers
     * opened from now on.
     *
     * @param partitioner null for the configured one
     */
    public void setPartitioner(@Nullable Partitioner<? super K, ? super V> partitioner) {
        plugIn(current -> current.withPartitioner(partitioner));
    }

    /** Lets these see every record, in this order. Concerns producers opened from now on. */
    public void setInterceptors(List<? extends ProducerInterceptor<K, V>> interceptors) {
        plugIn(current -> current.withInterceptors(interceptors));
    }

    /**
     * Lets these hear of everything that happens, in this order; what one throws keeps nothing from the others. Concerns
     * producers opened from now on; each of them ends with a call of {@link ProducerObserver#onClosed}.
     */
    public void setObservers(List<? extends ProducerObserver> observers) {
        plugIn(current -> current.withObservers(observers));
    }

    /**
     * Names threads on which {@code send} must not wait for buffer space, besides those the engine knows by itself. Concerns
     * producers opened from now on.
     *
     * @param rule asked on the thread in question, only when there is no space; null for no more threads
     */
    public void setNonBlockingThreads(@Nullable Predicate<? super Thread> rule) {
        plugIn(current -> current.withNonBlockingThreads(rule));
    }

    /** Asks these who is to watch each producer, in this order. Concerns producers opened from now on. */
    public void setListeners(List<? extends ProducerFactoryListener> listeners) {
        plugIn(current -> current.withListeners(listeners));
    }

    private void plugIn(UnaryOperator<ProducerPlugIns<K, V>> change) {
        lock.lock();
        try {
            plugIns = change.apply(plugIns);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets records be sent in transactions, done like this. Before the first use.
     *
     * @param settings null for no transactions
     * @throws dev.millrace.producer.errors.ConfigException if the configuration rules transactions out
     * @throws IllegalStateException if transactions have been done already
     */
    public void setTransactionSettings(@Nullable TransactionSettings settings) {
        if (settings != null) {
            transactional(
                    config, settings, settings.idPrefix(), 0); // refuses now what it would refuse at the first use
        }
        transactions.setSettings(settings);
    }

    /**
     * Names the transactional producers in another way. Before the first use.
     *
     * @throws IllegalStateException if transactions have been done already
     */
    public void setTransactionIdStrategy(TransactionIdStrategy strategy) {
        transactions.setIdStrategy(strategy);
    }

    @Override
    public boolean isTransactional() {
        return transactions.areEnabled();
    }

    @Override
    public TransactionSettings getTransactionSettings() {
        return transactions.settings();
    }

    @Override
    public TransactionalProducerPool<K, V> getTransactionalProducers() {
        return transactions.pool();
    }

    private ProducerPlugIns<K, V> plugInsForUse() {
        lock.lock();
        try {
            refuseUnlessUsable();
            moveTo(FactoryState.RUNNING);
            return plugIns;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes all producers, delivering what is on its way within the close timeout; those with an open transaction end it
     * before. The next use brings new ones.
     */
    public void reset() {
        transactions.reset();
        closeShared();
    }

    /** Sets whether the context starts this factory; without, the first use does. */
    public void setAutoStartup(boolean autoStartup) {
        this.autoStartup = autoStartup;
    }

    @Override
    public boolean isAutoStartup() {
        return autoStartup;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    @Override
    public void setBeanName(String beanName) {
        this.name = beanName;
    }

    /**
     * Makes a stopped factory usable again. Opens nothing, unless it is to fail fast.
     *
     * @throws IllegalStateException if the factory was destroyed
     * @throws ProducerStartupException if it is to fail fast and the cluster did not answer in time; it is stopped then
     */
    @Override
    public void start() {
        lock.lock();
        try {
            moveTo(FactoryState.RUNNING);
            transactions.reopen();
        } finally {
            lock.unlock();
        }
        transactions.tellIds();
        Duration timeout = startupTimeout;
        if (timeout != null) {
            try {
                StartupCheck.run(name, getSharedProducer(), timeout);
            } catch (ProducerStartupException unreachable) {
                stop();
                throw unreachable;
            }
        }
    }

    /**
     * Closes what is open, waiting at most the close timeout, and logs what became of its records. Open transactions are
     * aborted.
     */
    @Override
    public void stop() {
        closeProducers(FactoryState.STOPPED);
    }

    @Override
    public boolean isRunning() {
        return state == FactoryState.RUNNING;
    }

    /** As {@link #stop()}, for good. A second call does nothing. */
    @Override
    public void destroy() {
        closeProducers(FactoryState.DESTROYED);
    }

    private Producer<K, V> openProducer() {
        refuseUnlessUsable(); // before the lock: a refused caller waits for nobody
        lock.lock();
        try {
            refuseUnlessUsable();
            Producer<K, V> open = producer;
            if (open == null) {
                WatchedPlugIns<K, V> watched = WatchedPlugIns.of(plugIns, this, config.clientId(), null);
                open = opener.open(watched.plugIns());
                producer = open;
                moveTo(FactoryState.RUNNING);
                watched.opened(name, open::snapshot);
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    private void refuseUnlessUsable() {
        if (!state.isUsable()) {
            throw new IllegalStateException("Producer '" + name + "' is stopped; "
                    + (state == FactoryState.DESTROYED
                            ? "its application context is closed: send before the context closes"
                            : "start the factory again or send from beans that stop before it"));
        }
    }

    private void closeProducers(FactoryState next) {
        long deadlineNanos = System.nanoTime() + closeTimeout.toNanos();
        lock.lock();
        try {
            if (state.canBecome(next)) {
                moveTo(next);
            }
        } finally {
            lock.unlock();
        }
        CompletableFuture<Void> closed = transactions.close(closeTimeout);
        closeShared();
        Uninterruptibly.await(closed, deadlineNanos - System.nanoTime());
    }

    /** The thread that takes the producer reports; others wait for it in the engine's close. */
    private void closeShared() {
        Producer<K, V> taken;
        Producer<K, V> last;
        lock.lock();
        try {
            taken = producer;
            if (taken != null) {
                producer = null;
                closing = taken;
            }
            last = closing;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            CloseReport report = close(last);
            if (taken != null) {
                closeReportLog.write(name, report, closeTimeout);
                handOver(report);
            }
        }
    }

    private void handOver(CloseReport report) {
        UndeliveredRecords handler = undeliveredRecords;
        if (handler == null || report.undelivered().isEmpty()) {
            return;
        }
        try {
            handler.take(name, report.undelivered());
        } catch (RuntimeException | Error thrown) {
            LOGGER.error(
                    "[producer={}] {} undelivered records could not be handed over to {}",
                    name,
                    report.undelivered().size(),
                    handler.getClass().getName(),
                    thrown);
        }
    }

    private CloseReport close(Producer<K, V> last) {
        try {
            return last.close(closeTimeout);
        } finally {
            lock.lock();
            try {
                if (closing == last) {
                    closing = null;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void moveTo(FactoryState next) {
        if (state == next) {
            return;
        }
        if (!state.canBecome(next)) {
            throw new IllegalStateException(
                    "Producer '" + name + "' cannot become " + next + ": it is " + state + "; create a new factory");
        }
        state = next;
    }
}
