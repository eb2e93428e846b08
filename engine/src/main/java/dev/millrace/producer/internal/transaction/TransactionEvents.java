package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.observe.TransactionEnd;
import dev.millrace.producer.observe.TransactionEnd.Result;

/** Puts the ends of transactions into the words of the observer, if there is one. */
final class TransactionEvents {

    private final String transactionalId;
    private final ObserverRelay observer;

    TransactionEvents(TransactionParts parts) {
        this.transactionalId = parts.settings().transactionalId();
        this.observer = parts.observer();
    }

    void ended(long openNanos, long endingNanos, TransactionOutcome outcome) {
        if (observer.isActive()) {
            TransactionEnd end = new TransactionEnd(transactionalId, resultOf(outcome), openNanos, endingNanos);
            observer.tell(to -> to.onTransaction(end));
        }
    }

    private static Result resultOf(TransactionOutcome outcome) {
        if (outcome instanceof TransactionOutcome.Committed) {
            return Result.COMMITTED;
        }
        if (outcome instanceof TransactionOutcome.Aborted) {
            return Result.ABORTED;
        }
        return outcome instanceof TransactionOutcome.Fenced ? Result.FENCED : Result.UNKNOWN;
    }
}
