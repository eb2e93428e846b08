package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/**
 * What became of a transaction that was to be committed.
 *
 * @param transactionalId the producer's name if the transaction never had a producer
 * @param failure null if it is committed
 */
record TransactionEnd(String transactionalId, @Nullable ProducerOperationException failure) {

    SynchronizedCommitException.Outcome outcome() {
        if (failure == null) {
            return SynchronizedCommitException.Outcome.COMMITTED;
        }
        return failure instanceof TransactionOutcomeUnknownException
                ? SynchronizedCommitException.Outcome.UNKNOWN
                : SynchronizedCommitException.Outcome.ABORTED;
    }

    /** As those are told who follow it. */
    TransactionOperation.Outcome told() {
        if (failure instanceof ProducerTransactionFailedException) {
            return TransactionOperation.Outcome.FAILED;
        }
        return switch (outcome()) {
            case COMMITTED -> TransactionOperation.Outcome.COMMITTED;
            case ABORTED -> TransactionOperation.Outcome.ABORTED;
            case UNKNOWN -> TransactionOperation.Outcome.UNKNOWN;
        };
    }
}
