package dev.millrace.spring;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A producer of a pool and what the pool knows of it. Guarded by the pool's lock, except what never changes. */
final class PooledProducer<K extends @Nullable Object, V extends @Nullable Object> {

    /** Where one may be lent: the next {@code begin} waits for what is still going on. */
    private static final Set<TransactionState> LENDABLE =
            EnumSet.of(TransactionState.READY, TransactionState.INITIALIZING, TransactionState.ABORTING);

    private static final int NOT_ADMITTED = -1;

    final TransactionalProducer<K, V> producer;
    final int slot;
    final long openedNanos;

    int generation = NOT_ADMITTED;
    Thread borrower;
    long idleSinceNanos;

    PooledProducer(TransactionalProducer<K, V> producer, int slot, long openedNanos) {
        this.producer = producer;
        this.slot = slot;
        this.openedNanos = openedNanos;
        this.borrower = Thread.currentThread();
    }

    boolean isAdmitted() {
        return generation != NOT_ADMITTED;
    }

    boolean isLendable() {
        return LENDABLE.contains(producer.state());
    }
}
