package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import java.nio.ByteBuffer;

/**
 * A request from the moment it is handed to the transport until it is answered or failed.
 *
 * @param <R> type of the response
 */
@EventLoopOnly
final class InFlightRequest<R> {

    private final ApiRequest<R> request;
    private final short version;
    private final int correlationId;
    private final ResponseHandler<R> handler;

    private final long sentNanos;
    private final int requestBytes;

    private long deadlineNanos;
    private boolean written;
    private RequestFailure.Kind fate = RequestFailure.Kind.DISCONNECTED; // should the connection close

    InFlightRequest(
            ApiRequest<R> request,
            short version,
            int correlationId,
            int requestBytes,
            long sentNanos,
            long timeoutNanos,
            ResponseHandler<R> handler) {
        this.request = request;
        this.version = version;
        this.correlationId = correlationId;
        this.requestBytes = requestBytes;
        this.sentNanos = sentNanos;
        this.deadlineNanos = sentNanos + timeoutNanos;
        this.handler = handler;
    }

    /** What it cost, now that it has ended. */
    RequestSummary summary(int responseBytes, long nowNanos, long throttleNanos, boolean answered) {
        return new RequestSummary(
                apiKey(), version, requestBytes, responseBytes, nowNanos - sentNanos, throttleNanos, answered);
    }

    ApiKey apiKey() {
        return request.apiKey();
    }

    short version() {
        return version;
    }

    int correlationId() {
        return correlationId;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Gives the request more time. */
    void extend(long nanos) {
        deadlineNanos += nanos;
    }

    /** The last byte left; from here on the broker may carry the request out. */
    void markWritten() {
        written = true;
    }

    boolean isWritten() {
        return written;
    }

    /** Says what the request will fail with when the channel has closed. */
    void decideFate(RequestFailure.Kind kind) {
        fate = kind;
    }

    /**
     * Reads the answer.
     *
     * @param frame positioned behind the correlation id
     * @throws MalformedResponseException if the bytes do not follow the protocol
     */
    R decode(ByteBuffer frame) {
        return ResponseFrame.decode(frame, request, version);
    }

    /** Hands the answer over. */
    void succeed(R response) {
        handler.onResponse(response);
    }

    /** Fails the request with the fate decided for it. */
    void fail(String detail, Throwable cause) {
        handler.onFailure(new RequestFailure(fate, detail, cause, written));
    }

    @Override
    public String toString() {
        return apiKey() + " v" + version + " correlation=" + correlationId;
    }
}
