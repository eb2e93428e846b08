package dev.millrace.producer.internal.network;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Life of a {@link BrokerConnection}.
 *
 * <pre>
 *   IDLE ---------- wanted ----------> CONNECTING
 *   CONNECTING ---- channel open ----> NEGOTIATING, or AUTHENTICATING where the broker wants to know the client
 *   AUTHENTICATING - client known ---> NEGOTIATING
 *   NEGOTIATING --- versions known --> READY
 *   READY --------- renewed ---------> DRAINING
 *   CONNECTING, AUTHENTICATING, NEGOTIATING, READY, DRAINING --- told to close ---------> DISCONNECTING
 *   CONNECTING, AUTHENTICATING, NEGOTIATING, READY, DRAINING --- closed by the peer ----> BACKING_OFF
 *   DISCONNECTING - closed after an error -> BACKING_OFF,  - closed for idleness or drained -> IDLE
 *   BACKING_OFF --- backoff over ----> IDLE
 *   every state --- owner closes ----> CLOSED (by way of DISCONNECTING while there is a channel)
 * </pre>
 */
public enum ConnectionState {
    /** No channel, none wanted. Left when a user asks for the connection. */
    IDLE,
    /** The transport opens a channel, until it is open or the setup timeout is over. */
    CONNECTING,
    /** The channel is open and the client proves who it is (SASL), until the broker knows or the setup timeout is over. */
    AUTHENTICATING,
    /** The channel is open and the broker is asked which versions it speaks; nothing else is sent. */
    NEGOTIATING,
    /** Requests travel. */
    READY,
    /** Requests in flight are waited for and no more are sent; then the channel is replaced by a new one. */
    DRAINING,
    /** The channel was told to close; requests in flight fail once the transport has let go of their buffers. */
    DISCONNECTING,
    /** The last channel, or the attempt to open one, failed; left when the reconnect backoff is over. */
    BACKING_OFF,
    /** Closed by its owner, for good. */
    CLOSED;

    private static final Map<ConnectionState, Set<ConnectionState>> NEXT = new EnumMap<>(Map.of(
            IDLE, EnumSet.of(CONNECTING, CLOSED),
            CONNECTING, EnumSet.of(AUTHENTICATING, NEGOTIATING, DISCONNECTING, BACKING_OFF),
            AUTHENTICATING, EnumSet.of(NEGOTIATING, DISCONNECTING, BACKING_OFF),
            NEGOTIATING, EnumSet.of(READY, DISCONNECTING, BACKING_OFF),
            READY, EnumSet.of(DRAINING, DISCONNECTING, BACKING_OFF),
            DRAINING, EnumSet.of(DISCONNECTING, BACKING_OFF),
            DISCONNECTING, EnumSet.of(IDLE, BACKING_OFF, CLOSED),
            BACKING_OFF, EnumSet.of(IDLE, CLOSED),
            CLOSED, EnumSet.noneOf(ConnectionState.class)));

    /** Whether the move is legal. */
    public boolean canBecome(ConnectionState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** Whether there is a channel, or an attempt to open one, that may lead to {@link #READY}. */
    public boolean isSettingUp() {
        return this == CONNECTING || this == AUTHENTICATING || this == NEGOTIATING;
    }
}
