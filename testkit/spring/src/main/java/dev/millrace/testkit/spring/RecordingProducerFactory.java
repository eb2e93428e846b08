package dev.millrace.testkit.spring;

import dev.millrace.producer.Producer;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.TransactionSettings;
import dev.millrace.spring.TransactionalProducerPool;
import dev.millrace.spring.TransactionsNotEnabledException;
import dev.millrace.testkit.recording.RecordingCluster;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Hands out the producers of a {@link RecordingCluster}; a transaction gets one that is new. */
final class RecordingProducerFactory<K extends @Nullable Object, V extends @Nullable Object>
        implements ProducerFactory<K, V>, TransactionalProducerPool<K, V> {

    private final RecordingCluster<K, V> cluster;
    private final Producer<K, V> shared;
    private final @Nullable TransactionSettings settings; // null if there are no transactions
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger inUse = new AtomicInteger();

    RecordingProducerFactory(RecordingCluster<K, V> cluster, @Nullable TransactionSettings settings) {
        this.cluster = cluster;
        this.shared = cluster.producer();
        this.settings = settings;
    }

    @Override
    public Producer<K, V> getSharedProducer() {
        return shared;
    }

    @Override
    public String getName() {
        return "recording";
    }

    @Override
    public boolean isTransactional() {
        return settings != null;
    }

    @Override
    public TransactionSettings getTransactionSettings() {
        TransactionSettings given = settings;
        if (given == null) {
            throw new TransactionsNotEnabledException(getName());
        }
        return given;
    }

    @Override
    public TransactionalProducerPool<K, V> getTransactionalProducers() {
        getTransactionSettings();
        return this;
    }

    @Override
    public TransactionalProducer<K, V> acquire() {
        TransactionalProducer<K, V> producer =
                cluster.transactionalProducer(getTransactionSettings().idPrefix() + opened.getAndIncrement());
        producer.init();
        inUse.incrementAndGet();
        return producer;
    }

    @Override
    public void release(TransactionalProducer<K, V> producer) {
        evict(producer);
    }

    @Override
    public void evict(TransactionalProducer<K, V> producer) {
        inUse.decrementAndGet();
        producer.close(Duration.ZERO);
    }

    @Override
    public void reset() {
        // none is kept
    }

    @Override
    public PoolState state() {
        return new PoolState(inUse.get(), 0, 0);
    }
}
