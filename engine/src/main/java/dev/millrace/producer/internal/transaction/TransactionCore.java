package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.protocol.message.CoordinatorType;

/**
 * What the parts of a producer's transactions have in common.
 *
 * @param settings what of the configuration they need
 * @param loop where they live
 * @param life where they stand
 * @param identity what stamps batches
 * @param door lets sends in
 * @param coordinators who is asked
 * @param records what the transactions are about
 * @param failures words for what goes wrong
 */
record TransactionCore(
        TransactionSettings settings,
        EventLoop loop,
        TransactionLife life,
        TransactionIdentity identity,
        SendDoor door,
        Coordinators coordinators,
        RecordFlow records,
        TransactionFailures failures) {

    /** How long the transaction has been open. */
    long ageNanos(OpenTransaction transaction) {
        return loop.nanos() - transaction.beganNanos();
    }

    /** Asks the coordinator of the transactional id. */
    <R> CoordinatorRequest<R> ask(CoordinatorRequest.Exchange<R> exchange) {
        return ask(new CoordinatorKey(CoordinatorType.TRANSACTION, settings.transactionalId()), exchange);
    }

    /** Asks the coordinator of a group. */
    <R> CoordinatorRequest<R> askGroup(String group, CoordinatorRequest.Exchange<R> exchange) {
        return ask(new CoordinatorKey(CoordinatorType.GROUP, group), exchange);
    }

    private <R> CoordinatorRequest<R> ask(CoordinatorKey key, CoordinatorRequest.Exchange<R> exchange) {
        return CoordinatorRequest.start(settings.logPrefix(), coordinators, key, exchange);
    }
}
