package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The coordinator was asked to commit, and nothing is known yet. */
final class UnknownOutcome implements TransactionOutcome.Unknown {

    private final ProducerException cause;
    private final Supplier<CompletableFuture<TransactionOutcome>> resolution;

    UnknownOutcome(ProducerException cause, Supplier<CompletableFuture<TransactionOutcome>> resolution) {
        this.cause = cause;
        this.resolution = resolution;
    }

    @Override
    public ProducerException cause() {
        return cause;
    }

    @Override
    public CompletableFuture<TransactionOutcome> resolve() {
        return resolution.get();
    }

    @Override
    public String toString() {
        return "Unknown[cause=" + cause + "]";
    }
}
