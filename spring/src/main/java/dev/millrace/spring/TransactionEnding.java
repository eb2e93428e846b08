package dev.millrace.spring;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for the end of a transaction, which no interrupt may cut short: half an end is none. */
final class TransactionEnding {

    /** An outcome may be unknown for good, and then every question is answered at once. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Nobody said anything in time. */
    private record Unanswered(ProducerException cause) implements TransactionOutcome.Unknown {

        @Override
        public CompletableFuture<TransactionOutcome> resolve() {
            return CompletableFuture.completedFuture(this);
        }
    }

    private TransactionEnding() {}

    /** Commits, and asks again as long as the outcome is unknown and the limit has not passed. Never aborts. */
    static TransactionOutcome commit(TransactionalProducer<?, ?> producer, Duration limit) {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        CompletableFuture<TransactionOutcome> asked = ask(producer::commitAsync);
        while (true) {
            if (!Uninterruptibly.await(asked, deadlineNanos - System.nanoTime())) {
                return unanswered(producer, "commit", limit);
            }
            TransactionOutcome outcome = outcome(asked);
            if (!(outcome instanceof TransactionOutcome.Unknown unknown) || deadlineNanos - System.nanoTime() <= 0) {
                return outcome;
            }
            Uninterruptibly.pause(Math.min(PAUSE_NANOS, deadlineNanos - System.nanoTime()));
            asked = unknown.resolve();
        }
    }

    /** Aborts, and waits for it. */
    static TransactionOutcome abort(TransactionalProducer<?, ?> producer, Duration limit) {
        CompletableFuture<TransactionOutcome> asked = ask(producer::abortAsync);
        return Uninterruptibly.await(asked, limit.toNanos())
                ? outcome(asked)
                : new TransactionOutcome.Aborted(
                        unanswered(producer, "abort", limit).cause(), false);
    }

    private static CompletableFuture<TransactionOutcome> ask(Supplier<CompletableFuture<TransactionOutcome>> end) {
        try {
            return end.get();
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** What is refused, because the producer is closed or has failed, is not committed and will not be. */
    private static TransactionOutcome outcome(CompletableFuture<TransactionOutcome> ended) {
        try {
            return ended.join();
        } catch (CompletionException refused) {
            return new TransactionOutcome.Aborted(refused.getCause(), false);
        }
    }

    private static Unanswered unanswered(TransactionalProducer<?, ?> producer, String what, Duration limit) {
        return new Unanswered(new ProducerException(
                "no answer to the " + what + " of transaction " + producer.transactionalId() + " within "
                        + limit.toMillis() + " ms; the limit is app.producer.transaction.commit-timeout",
                new FailureDetails(ErrorCode.NONE, Stage.NONE, Recovery.RETRY, true),
                null));
    }
}
