package dev.millrace.producer.internal.network.security;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Life of one {@link SaslDialogue}.
 *
 * <pre>
 *   LOGGING_IN --- first token there ----------> HANDSHAKING
 *   HANDSHAKING -- broker takes the mechanism --> AWAITING_BROKER
 *   AWAITING_BROKER -- broker sent a token -----> EVALUATING
 *   EVALUATING --- there is more to send -------> AWAITING_BROKER
 *   EVALUATING --- the broker has proven itself -> DONE
 *   AWAITING_BROKER -- nothing left to check ---> DONE
 *   every one of them -- refused or suspicious -> FAILED
 * </pre>
 */
public enum SaslState {
    /** Credentials are fetched and the first token is computed, away from the event loop. */
    LOGGING_IN,
    /** The broker is asked whether it takes the mechanism. */
    HANDSHAKING,
    /** A token was sent, the broker's answer is to come. */
    AWAITING_BROKER,
    /** The broker's token is looked at, away from the event loop. */
    EVALUATING,
    /** The broker knows who the client is. */
    DONE,
    /** It does not, and this connection is of no use. */
    FAILED;

    private static final Map<SaslState, Set<SaslState>> NEXT = new EnumMap<>(Map.of(
            LOGGING_IN, EnumSet.of(HANDSHAKING, FAILED),
            HANDSHAKING, EnumSet.of(AWAITING_BROKER, FAILED),
            AWAITING_BROKER, EnumSet.of(EVALUATING, DONE, FAILED),
            EVALUATING, EnumSet.of(AWAITING_BROKER, DONE, FAILED),
            DONE, EnumSet.noneOf(SaslState.class),
            FAILED, EnumSet.noneOf(SaslState.class)));

    /** Whether the move is legal. */
    public boolean canBecome(SaslState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }
}
