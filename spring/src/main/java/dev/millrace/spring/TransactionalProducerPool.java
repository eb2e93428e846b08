package dev.millrace.spring;

import dev.millrace.producer.TransactionalProducer;
import org.jspecify.annotations.Nullable;

/**
 * Lends transactional producers, one for each transaction that runs at a time. Safe for use by any number of threads.
 *
 * <p>Templates and transaction managers do the borrowing; applications need a pool only to look at it or to
 * {@link #reset()} it.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface TransactionalProducerPool<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * A producer nobody else has, initialised and without a transaction: the one returned last, else a new one, which waits
     * for the cluster. Who borrows it gives it back with {@link #release} or {@link #evict}.
     *
     * @throws ProducerPoolExhaustedException if as many as may be are lent and none came back in time
     * @throws ProducerOperationException if the thread is interrupted while it waits for one; its flag stays set
     * @throws dev.millrace.producer.errors.ProducerException if a new producer cannot be initialised
     * @throws IllegalStateException if the pool is closed
     */
    TransactionalProducer<K, V> acquire();

    /** Takes a producer back whose transaction has ended. One that is of no further use is closed. */
    void release(TransactionalProducer<K, V> producer);

    /**
     * Takes a producer back whose transaction has not ended in a way that is known, and closes it at once. Its id goes to
     * the next producer, whose initialisation ends what is still open.
     */
    void evict(TransactionalProducer<K, V> producer);

    /** Closes all producers: those lent when they come back. The next ones are new. */
    void reset();

    /** How many there are of what, at this moment. */
    PoolState state();

    /**
     * What a pool holds.
     *
     * @param inUse producers that are lent, or being opened to be
     * @param idle producers that wait for a transaction
     * @param maxProducers the most there may be, 0 for no bound
     */
    record PoolState(int inUse, int idle, int maxProducers) {}
}
