package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** Hears when a connection can be used and when it was lost. Called on the event loop. */
@EventLoopOnly
public interface ConnectionListener {

    /**
     * {@link BrokerConnection#canSend()} may have become true: the connection is ready, a response arrived, a request
     * without response was written, or a throttle is over. Runs after the handler of that response.
     */
    void onWritable(BrokerConnection connection);

    /**
     * A connection was lost, or an attempt to connect failed; every request in flight has been failed before. Not called
     * when the owner closes the connection or when it was closed for being idle.
     *
     * @param cause why; its message can be shown to a user
     */
    void onDisconnected(BrokerConnection connection, Throwable cause);

    /**
     * The connection is in another state. Nothing may be done with it here.
     *
     * @param cause why it was lost or closed, for a human; meaningless for the other states
     */
    default void onStateChanged(BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {}

    /** The client has authenticated, or was refused; not called where nobody wants to know who it is. */
    default void onAuthenticationEnded(BrokerConnection connection, AuthenticationSummary authentication) {}

    /** A request has been answered or has failed, the negotiation of versions included. Runs before its handler. */
    default void onRequestEnded(BrokerConnection connection, RequestSummary request) {}
}
