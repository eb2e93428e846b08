package dev.millrace.spring;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.TransactionalProducer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends the producer returned last, so that those nobody needs become idle and are closed. The ids are numbered, and the
 * lowest number that is free is taken first: as many ids are used as transactions ever ran at a time.
 *
 * <p>Producers are opened, initialised and closed by the thread that needs it, without the lock.
 */
final class DefaultTransactionalProducerPool<K extends @Nullable Object, V extends @Nullable Object>
        implements TransactionalProducerPool<K, V> {

    /** Opens the producer of a slot. */
    @FunctionalInterface
    interface SlotOpener<K extends @Nullable Object, V extends @Nullable Object> {

        TransactionalProducer<K, V> open(int slot);
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(DefaultTransactionalProducerPool.class);

    private final Supplier<String> name;
    private final TransactionSettings settings;
    private final SlotOpener<K, V> opener;
    private final PoolTimer timer;

    /** Guards everything below; never held while a producer opens, works or closes. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition freed = lock.newCondition();
    private final Deque<PooledProducer<K, V>> idle = new ArrayDeque<>(); // returned last is first
    private final IdentityHashMap<TransactionalProducer<K, V>, PooledProducer<K, V>> lent = new IdentityHashMap<>();
    private final BitSet takenSlots = new BitSet();
    private int generation;
    private boolean isClosed;
    private @Nullable CompletableFuture<?> sweep; // null while none is planned

    DefaultTransactionalProducerPool(
            Supplier<String> name,
            TransactionSettings settings,
            SlotOpener<K, V> opener,
            PoolTimer timer,
            boolean isClosed) {
        this.name = name;
        this.settings = settings;
        this.opener = opener;
        this.timer = timer;
        this.isClosed = isClosed;
    }

    @Override
    public TransactionalProducer<K, V> acquire() {
        long deadlineNanos = System.nanoTime() + settings.acquireTimeout().toNanos();
        while (true) {
            PooledProducer<K, V> reused;
            int slot = -1;
            lock.lock();
            try {
                reused = takeIdle();
                if (reused == null) {
                    slot = takeSlot(deadlineNanos);
                    reused = slot < 0 ? takeIdle() : null;
                }
            } finally {
                lock.unlock();
            }
            if (slot >= 0) {
                return open(slot);
            }
            if (reused != null) {
                if (isFresh(reused)) {
                    return reused.producer;
                }
                discard(reused, Duration.ZERO);
            }
        }
    }

    private @Nullable PooledProducer<K, V> takeIdle() {
        refuseIfClosed();
        PooledProducer<K, V> taken = idle.pollFirst();
        if (taken != null) {
            taken.borrower = Thread.currentThread();
            lent.put(taken.producer, taken);
        }
        return taken;
    }

    /**
     * The lowest free slot; waits for one if it must.
     *
     * @return -1 if a producer has become idle meanwhile
     */
    private int takeSlot(long deadlineNanos) {
        while (settings.maxProducers() > 0 && takenSlots.cardinality() >= settings.maxProducers()) {
            long remainingNanos = deadlineNanos - System.nanoTime();
            try {
                if (remainingNanos <= 0 || freed.awaitNanos(remainingNanos) <= 0) {
                    throw exhausted();
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new ProducerOperationException(
                        "Interrupted while waiting for a transactional producer of '" + name.get() + "'", interrupt);
            }
            refuseIfClosed();
            if (!idle.isEmpty()) {
                return -1;
            }
        }
        int slot = takenSlots.nextClearBit(0);
        takenSlots.set(slot);
        return slot;
    }

    private ProducerPoolExhaustedException exhausted() {
        long own = lent.values().stream()
                .filter(pooled -> pooled.borrower == Thread.currentThread())
                .count();
        return new ProducerPoolExhaustedException(
                name.get(),
                settings.acquireTimeout(),
                settings.maxProducers(),
                takenSlots.cardinality(),
                own > 0
                        ? "this thread holds " + own
                                + " of them in transactions that are suspended: a transaction within"
                                + " another one (REQUIRES_NEW, executeInTransaction) needs a producer of its own; raise"
                                + " app.producer.transaction.max-producers above the number of threads"
                        : "raise app.producer.transaction.max-producers or let transactions end sooner");
    }

    private TransactionalProducer<K, V> open(int slot) {
        PooledProducer<K, V> opened = null;
        boolean isReady = false;
        try {
            opened = new PooledProducer<>(opener.open(slot), slot, timer.nanoTime());
            admit(opened);
            opened.producer.init();
            isReady = true;
            return opened.producer;
        } finally {
            if (!isReady) {
                abandon(opened, slot);
            }
        }
    }

    /** Known from here on, so that a close of the pool ends its initialisation, too. */
    private void admit(PooledProducer<K, V> opened) {
        lock.lock();
        try {
            refuseIfClosed();
            opened.generation = generation;
            lent.put(opened.producer, opened);
        } finally {
            lock.unlock();
        }
    }

    private void abandon(@Nullable PooledProducer<K, V> opened, int slot) {
        if (opened == null) {
            freeSlot(slot);
            return;
        }
        boolean isMine;
        lock.lock();
        try {
            isMine = lent.remove(opened.producer) != null || !opened.isAdmitted();
        } finally {
            lock.unlock();
        }
        if (isMine) {
            discard(opened, Duration.ZERO);
        }
    }

    @Override
    public void release(TransactionalProducer<K, V> producer) {
        PooledProducer<K, V> returned;
        boolean isKept;
        lock.lock();
        try {
            returned = lent.remove(producer);
            if (returned == null) {
                return; // the pool was closed meanwhile, and the producer with it
            }
            isKept = !isClosed && isFresh(returned);
            if (isKept) {
                returned.idleSinceNanos = timer.nanoTime();
                idle.addFirst(returned);
                planSweep();
                freed.signal();
            }
        } finally {
            lock.unlock();
        }
        if (!isKept) {
            discard(returned, Duration.ZERO);
        }
    }

    @Override
    public void evict(TransactionalProducer<K, V> producer) {
        PooledProducer<K, V> returned;
        lock.lock();
        try {
            returned = lent.remove(producer);
        } finally {
            lock.unlock();
        }
        if (returned != null) {
            discard(returned, Duration.ZERO);
        }
    }

    private boolean isFresh(PooledProducer<K, V> pooled) {
        lock.lock();
        try {
            return pooled.generation == generation
                    && timer.nanoTime() - pooled.openedNanos
                            < settings.producerMaxAge().toNanos()
                    && pooled.isLendable();
        } finally {
            lock.unlock();
        }
    }

    /** Frees the slot only then: two producers of one id would fence each other. */
    private void discard(PooledProducer<K, V> pooled, Duration timeout) {
        try {
            close(pooled.producer, timeout);
        } finally {
            lock.lock();
            try {
                lent.remove(pooled.producer);
            } finally {
                lock.unlock();
            }
            freeSlot(pooled.slot);
        }
    }

    private void close(TransactionalProducer<K, V> producer, Duration timeout) {
        try {
            CloseReport report = producer.close(timeout);
            LOGGER.debug(
                    "[producer={} txn={}] closed: undelivered={}",
                    name.get(),
                    producer.transactionalId(),
                    report.undelivered().size());
        } catch (RuntimeException failure) {
            LOGGER.warn(
                    "[producer={} txn={}] did not close; its id is used again all the same",
                    name.get(),
                    producer.transactionalId(),
                    failure);
        }
    }

    private void freeSlot(int slot) {
        lock.lock();
        try {
            takenSlots.clear(slot);
            freed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset() {
        takeAllIdle(true).forEach(pooled -> discard(pooled, Duration.ZERO));
    }

    private List<PooledProducer<K, V>> takeAllIdle(boolean isReset) {
        lock.lock();
        try {
            if (isReset) {
                generation++;
            }
            List<PooledProducer<K, V>> taken = new ArrayList<>(idle);
            idle.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public PoolState state() {
        lock.lock();
        try {
            return new PoolState(takenSlots.cardinality() - idle.size(), idle.size(), settings.maxProducers());
        } finally {
            lock.unlock();
        }
    }

    private void planSweep() {
        PooledProducer<K, V> oldest = idle.peekLast();
        if (sweep == null && oldest != null && !isClosed) {
            long idleNanos = timer.nanoTime() - oldest.idleSinceNanos;
            long delayNanos = Math.max(0, settings.producerMaxIdle().toNanos() - idleNanos);
            sweep = timer.after(Duration.ofNanos(delayNanos), this::closeUnused);
        }
    }

    private void closeUnused() {
        List<PooledProducer<K, V>> unused = new ArrayList<>();
        lock.lock();
        try {
            sweep = null;
            PooledProducer<K, V> oldest = idle.peekLast();
            while (oldest != null
                    && timer.nanoTime() - oldest.idleSinceNanos
                            >= settings.producerMaxIdle().toNanos()) {
                unused.add(idle.removeLast());
                oldest = idle.peekLast();
            }
            planSweep();
        } finally {
            lock.unlock();
        }
        unused.forEach(pooled -> discard(pooled, Duration.ZERO));
    }

    /** Lends again after a close. */
    void reopen() {
        lock.lock();
        try {
            isClosed = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends no more and closes all, those with an open transaction at the same time: each aborts it within the timeout.
     *
     * @return complete when all are closed
     */
    CompletableFuture<Void> close(Duration timeout) {
        List<PooledProducer<K, V>> working;
        lock.lock();
        try {
            isClosed = true;
            working = new ArrayList<>(lent.values());
            lent.clear();
            if (sweep != null) {
                sweep.cancel(false);
                sweep = null;
            }
            freed.signalAll();
        } finally {
            lock.unlock();
        }
        Executor threadEach = task -> startThread(task);
        List<CompletableFuture<Void>> closing = working.stream()
                .map(pooled -> CompletableFuture.runAsync(() -> discard(pooled, timeout), threadEach))
                .toList();
        takeAllIdle(false).forEach(pooled -> discard(pooled, Duration.ZERO));
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }

    private void startThread(Runnable task) {
        Thread thread = new Thread(task, name.get() + "-close");
        thread.setDaemon(true);
        thread.start();
    }

    private void refuseIfClosed() {
        if (isClosed) {
            throw new IllegalStateException("Producer '" + name.get() + "' is stopped; start the factory again or end"
                    + " transactions before it stops");
        }
    }
}
