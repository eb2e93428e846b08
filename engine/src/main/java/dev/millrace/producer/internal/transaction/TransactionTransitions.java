package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.TransactionState.ABORTING;
import static dev.millrace.producer.TransactionState.ABORT_ONLY;
import static dev.millrace.producer.TransactionState.CLOSED;
import static dev.millrace.producer.TransactionState.COMMITTING;
import static dev.millrace.producer.TransactionState.FAILED;
import static dev.millrace.producer.TransactionState.INITIALIZING;
import static dev.millrace.producer.TransactionState.IN_TRANSACTION;
import static dev.millrace.producer.TransactionState.READY;
import static dev.millrace.producer.TransactionState.UNINITIALIZED;

import dev.millrace.producer.TransactionState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The legal moves between {@link TransactionState}s. Pure.
 *
 * <pre>
 *   UNINITIALIZED -- init ------------------------------> INITIALIZING
 *   INITIALIZING --- identity --------------------------> READY,       - refused, may pass -> UNINITIALIZED
 *   READY ---------- begin -----------------------------> IN_TRANSACTION
 *   IN_TRANSACTION - something failed ------------------> ABORT_ONLY
 *   IN_TRANSACTION - commit ----------------------------> COMMITTING
 *   IN_TRANSACTION, ABORT_ONLY - abort -----------------> ABORTING
 *   COMMITTING ----- cannot be committed ---------------> ABORTING
 *   COMMITTING, ABORTING - confirmed, next one prepared -> READY
 *   every state ---- replaced, or refused for good -----> FAILED
 *   every state ---- producer closed -------------------> CLOSED
 * </pre>
 */
final class TransactionTransitions {

    private static final Map<TransactionState, Set<TransactionState>> NEXT = new EnumMap<>(Map.of(
            UNINITIALIZED, EnumSet.of(INITIALIZING, FAILED, CLOSED),
            INITIALIZING, EnumSet.of(READY, UNINITIALIZED, FAILED, CLOSED),
            READY, EnumSet.of(IN_TRANSACTION, FAILED, CLOSED),
            IN_TRANSACTION, EnumSet.of(ABORT_ONLY, COMMITTING, ABORTING, FAILED, CLOSED),
            ABORT_ONLY, EnumSet.of(ABORTING, FAILED, CLOSED),
            COMMITTING, EnumSet.of(READY, ABORTING, FAILED, CLOSED),
            ABORTING, EnumSet.of(READY, FAILED, CLOSED),
            FAILED, EnumSet.of(CLOSED),
            CLOSED, EnumSet.noneOf(TransactionState.class)));

    private TransactionTransitions() {}

    static boolean areLegal(TransactionState from, TransactionState to) {
        return NEXT.getOrDefault(from, Set.of()).contains(to);
    }
}
