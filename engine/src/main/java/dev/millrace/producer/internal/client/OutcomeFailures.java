package dev.millrace.producer.internal.client;

import dev.millrace.producer.TransactionFailedException;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Fenced;
import dev.millrace.producer.TransactionOutcome.Unknown;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import org.jspecify.annotations.Nullable;

/** Words for ends of transactions that are not what was asked for, and for waiting that came to nothing. Pure. */
final class OutcomeFailures {

    private static final String NOT_VISIBLE = "; readers of committed records will see nothing of it";

    private final TransactionalSettings settings;

    OutcomeFailures(TransactionalSettings settings) {
        this.settings = settings;
    }

    /** A commit did not end in a commit. */
    TransactionFailedException notCommitted(TransactionOutcome outcome) {
        if (outcome instanceof Aborted aborted) {
            return failure(
                    "transaction aborted instead of committed: " + who() + " cause=" + words(aborted.cause())
                            + NOT_VISIBLE + blocked(aborted) + "; do its work again in a new transaction",
                    Recovery.RETRY,
                    false,
                    outcome,
                    aborted.cause());
        }
        return otherwise("committing", outcome);
    }

    /** An abort is not confirmed. */
    TransactionFailedException notAborted(TransactionOutcome outcome) {
        if (outcome instanceof Aborted aborted) {
            return failure(
                    "abort of the transaction not confirmed: " + who() + " cause=" + words(aborted.cause())
                            + NOT_VISIBLE + blocked(aborted) + "; begin waits for it",
                    Recovery.RETRY,
                    false,
                    outcome,
                    aborted.cause());
        }
        return otherwise("aborting", outcome);
    }

    private TransactionFailedException otherwise(String doing, TransactionOutcome outcome) {
        if (outcome instanceof Fenced fenced) {
            return failure(
                    "transactional id lost to another producer while " + doing + ": " + who() + " cause="
                            + words(fenced.cause()) + NOT_VISIBLE + "; close this producer",
                    Recovery.NEW_PRODUCER,
                    false,
                    outcome,
                    fenced.cause());
        }
        if (outcome instanceof Unknown unknown) {
            return failure(
                    "transaction committed or not, nobody knows yet: " + who() + " cause=" + words(unknown.cause())
                            + "; call commit again, or resolve() of the outcome",
                    Recovery.RETRY,
                    true,
                    outcome,
                    unknown.cause());
        }
        throw new IllegalArgumentException("no failure: " + outcome);
    }

    /** Readers that wait for the coordinator, as it has not been heard of. */
    private String blocked(Aborted aborted) {
        return aborted.confirmed()
                ? ""
                : ", and wait at its first record until the coordinator ends it, at the latest after "
                        + Setting.TRANSACTION_TIMEOUT + "=" + settings.timeoutMillis() + " ms";
    }

    /** The thread is one on which nobody may wait. */
    IllegalStateException mustNotWait(String call, String asyncCall) {
        return new IllegalStateException(call + " would wait on a thread of the engine's own: " + who() + " thread="
                + Thread.currentThread().getName() + "; use " + asyncCall + " in callbacks");
    }

    ProducerException interrupted(String call, InterruptedException cause) {
        return new ProducerException(
                "interrupted while waiting for " + call + ": " + who() + "; what was begun goes on",
                FailureDetails.local(Stage.NONE, Recovery.RETRY),
                cause);
    }

    /** Something was decided in time and could not be told, because callbacks hold the thread that tells. */
    ProducerException untold(String call, long waitedMillis, @Nullable String callback) {
        return new ProducerException(
                "no word of " + call + " within " + waitedMillis + " ms: " + who() + " callback running="
                        + (callback == null ? "none" : callback) + "; limit " + Setting.MAX_BLOCK
                        + "; do less in callbacks, or hand their work to another thread",
                FailureDetails.local(Stage.NONE, Recovery.RETRY),
                null);
    }

    private static TransactionFailedException failure(
            String message,
            Recovery recovery,
            boolean mayHaveBeenWritten,
            TransactionOutcome outcome,
            @Nullable Throwable cause) {
        ErrorCode error = cause instanceof ProducerException known ? known.errorCode() : ErrorCode.NONE;
        return new TransactionFailedException(
                message, new FailureDetails(error, Stage.NONE, recovery, mayHaveBeenWritten), outcome, cause);
    }

    private static String words(@Nullable Throwable cause) {
        if (cause == null) {
            return "the application has aborted it";
        }
        return cause instanceof ProducerException ? String.valueOf(cause.getMessage()) : cause.toString();
    }

    private String who() {
        return "producer=" + settings.clientId() + " txn=" + settings.transactionalId();
    }
}
