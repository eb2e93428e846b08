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
}
