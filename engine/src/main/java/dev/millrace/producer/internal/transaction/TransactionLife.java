package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the transactions of a producer stand: read by any thread, changed on the event loop, through one door. */
final class TransactionLife {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionLife.class);

    private final String logPrefix;
    private final Consumer<ProducerException> onFailed;
    private volatile TransactionState state = TransactionState.UNINITIALIZED;
    private volatile @Nullable ProducerException failure; // why nothing is left but close; null until then

    /**
     * Not initialised.
     *
     * @param onFailed hears once that nothing is left but close, and why
     */
    TransactionLife(String logPrefix, Consumer<ProducerException> onFailed) {
        this.logPrefix = logPrefix;
        this.onFailed = onFailed;
    }

    TransactionState state() {
        return state;
    }

    boolean is(TransactionState expected) {
        return state == expected;
    }

    /** Whether a transaction is open and has not begun to end. */
    boolean isOpen() {
        TransactionState now = state;
        return now == TransactionState.IN_TRANSACTION || now == TransactionState.ABORT_ONLY;
    }

    /** Whether a transaction is ending, or what the next one needs is being fetched. */
    boolean isEnding() {
        TransactionState now = state;
        return now == TransactionState.COMMITTING || now == TransactionState.ABORTING;
    }

    /** Why nothing is left but close, null before that. */
    @Nullable ProducerException failure() {
        return failure;
    }

    @EventLoopOnly
    void moveTo(TransactionState next, String reason) {
        TransactionState from = state;
        if (!TransactionTransitions.areLegal(from, next)) {
            throw new IllegalStateException(
                    "illegal move: " + logPrefix + " from=" + from + " to=" + next + " reason=" + reason);
        }
        LOG.debug("{} {} -> {}: {}", logPrefix, from, next, reason);
        state = next;
    }

    /** Nothing is left but close. What comes later does not replace the reason. */
    @EventLoopOnly
    void fail(ProducerException why) {
        if (state == TransactionState.FAILED || state == TransactionState.CLOSED) {
            return;
        }
        failure = why;
        moveTo(TransactionState.FAILED, String.valueOf(why.getMessage()));
        LOG.warn("{} no more transactions: {}", logPrefix, why.getMessage());
        onFailed.accept(why);
    }
}
