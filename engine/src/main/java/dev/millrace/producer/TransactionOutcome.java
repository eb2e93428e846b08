package dev.millrace.producer;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What became of a transaction. */
public sealed interface TransactionOutcome {

    /** Everything of it is visible to consumers that read committed records, or will be as soon as the markers are written. */
    record Committed() implements TransactionOutcome {}

    /**
     * Nothing of it is or will be visible to consumers that read committed records.
     *
     * @param cause what prevented the commit; null if the application asked for the abort
     * @param confirmed whether the coordinator has ended it. If not, it does so at the latest when the transaction timeout
     *     passes; until then those consumers wait at the first record of the transaction
     */
    record Aborted(@Nullable Throwable cause, boolean confirmed) implements TransactionOutcome {}

    /**
     * Another producer has taken over the transactional id before this one could commit. Nothing of the transaction is or
     * will be visible, and this producer can do nothing more. Brokers below transaction.version 2 say the same of a
     * transaction that took longer than its timeout.
     *
     * @param cause what the coordinator or a broker said
     */
    record Fenced(ProducerException cause) implements TransactionOutcome {}

    /**
     * The coordinator was asked to commit and has not answered: the transaction is committed or it is not. The producer
     * goes on asking by itself.
     */
    non-sealed interface Unknown extends TransactionOutcome {

        /** Why there is no answer. */
        ProducerException cause();

        /**
         * Waits once more for the coordinator's answer, up to {@code max-block}.
         *
         * @return the outcome that is known by then, or {@code Unknown} again. It stays {@code Unknown} for good if the
         *     producer was closed, or if another one took the transactional id over before the answer came
         */
        CompletableFuture<TransactionOutcome> resolve();
    }
}
