package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/**
 * Takes what becomes of one request: exactly one of its methods is called, once, on the event loop, and never from within
 * the call that sent the request. When it is called, nobody reads the request's buffers any more.
 *
 * @param <R> type of the response
 */
@EventLoopOnly
public interface ResponseHandler<R> {

    /** The broker answered. Views in the response are valid only during the call. */
    void onResponse(R response);

    /** There will be no answer. */
    void onFailure(RequestFailure failure);
}
