package dev.millrace.producer.internal;

import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import dev.millrace.producer.internal.transaction.RecordFlow;
import dev.millrace.producer.internal.transaction.TransactionManager;
import dev.millrace.producer.internal.transaction.Transactions;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The transactions of a producer, as its other parts see them.
 *
 * @param calls for the caller's side
 * @param idempotence makes what stamps batches, with the sender as its listener
 * @param gate for the sender
 * @param attach takes the records, once everything is built
 */
record TransactionSide(
        Transactions calls,
        Function<IdentitySource.Listener, Idempotence> idempotence,
        DrainGate gate,
        Consumer<RecordFlow> attach) {

    static TransactionSide of(TransactionManager manager) {
        return new TransactionSide(manager, manager::idempotence, manager.gate(), manager::attach);
    }
}
