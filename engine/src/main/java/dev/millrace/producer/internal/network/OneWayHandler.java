package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/**
 * Takes what becomes of a request that the broker does not answer: exactly one of its methods is called, once, on the
 * event loop, and never from within the call that sent the request. When it is called, nobody reads the request's buffers
 * any more.
 */
@EventLoopOnly
public interface OneWayHandler {

    /** The last byte was handed to the operating system; nothing is known of the broker. */
    void onWritten();

    /** The request was not written completely. */
    void onFailure(RequestFailure failure);
}
