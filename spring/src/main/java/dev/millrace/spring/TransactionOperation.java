package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/** One transaction, seen from its first record to its end. */
public interface TransactionOperation {

    /** How a transaction ended. */
    enum Outcome {
        /** Committed. */
        COMMITTED,
        /** Aborted, be it that it was to be committed. */
        ABORTED,
        /** Lost: the producer was fenced or refused for good. */
        FAILED,
        /** Nobody answered. */
        UNKNOWN
    }

    /**
     * It has ended. Called once, on the thread it is bound to.
     *
     * @param transactionalId whose it was; the producer's name if there never was a producer for it
     * @param failure what the one who ended it is told; null for nothing
     */
    void stop(String transactionalId, Outcome outcome, @Nullable Throwable failure);
}
