package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.RequestFrame;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and responses over one open channel: correlation ids, the window of requests in flight, request timeouts and
 * pauses the broker asks for. Lives as long as the channel.
 */
@EventLoopOnly
final class RequestChannel {

    private static final Logger LOG = LoggerFactory.getLogger(RequestChannel.class);

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final BrokerAddress peer;
    private final Transport.Channel channel;
    private final Owner owner;
    private final InFlightRequests inFlight = new InFlightRequests();
    private final MovableTimer timeoutTimer;
    private final MovableTimer throttleTimer;

    private int nextCorrelationId;
    private long lastUseNanos;
    private boolean muted;
    private long mutedUntilNanos;
    private boolean broken;

    /** Over a channel that is open. */
    RequestChannel(
            EventLoop loop, ConnectionSettings settings, BrokerAddress peer, Transport.Channel channel, Owner owner) {
        this.loop = loop;
        this.settings = settings;
        this.peer = peer;
        this.channel = channel;
        this.owner = owner;
        timeoutTimer = new MovableTimer(loop, this::checkTimeouts);
        throttleTimer = new MovableTimer(loop, this::unmute);
        lastUseNanos = loop.nanos();
    }

    /** Hears what the connection has to do. */
    interface Owner {

        /** There may be room for another request. */
        void onProgress();

        /** A request has been answered or has failed; its handler runs next. */
        void onRequestEnded(RequestSummary request);

        /** The channel is of no further use and must be closed. */
        void onBroken(Throwable cause);
    }

    boolean hasRoom() {
        return !muted && !broken && inFlight.size() < settings.maxInFlightRequests();
    }

    /** Whether the broker asked for a pause that is not over. */
    boolean isMuted() {
        return muted;
    }

    /** How long that pause will last, 0 if there is none. */
    long mutedNanos() {
        return muted ? Math.max(0, mutedUntilNanos - loop.nanos()) : 0;
    }

    int inFlight() {
        return inFlight.size();
    }

    /** When a request was last sent or answered; those that renew the session do not count. */
    long lastUseNanos() {
        return lastUseNanos;
    }

    /**
     * Sends a request, whether there is room or not. Borrows its buffers until the handler is called.
     *
     * @throws RuntimeException if the request cannot be encoded; nothing was sent then
     */
    <R> void send(ApiRequest<R> request, short version, ResponseHandler<R> handler) {
        List<ByteBuffer> frame = RequestFrame.encode(request, version, nextCorrelationId, settings.clientId());
        InFlightRequest<R> sent = enter(request, version, sizeOf(frame), handler);
        inFlight.addAwaitingResponse(sent);
        channel.write(frame, sent::markWritten);
    }

    /**
     * As {@link #send}, for a request that the broker does not answer.
     *
     * @throws RuntimeException if the request cannot be encoded; nothing was sent then
     */
    <R> void sendOneWay(ApiRequest<R> request, short version, OneWayHandler handler) {
        List<ByteBuffer> frame = RequestFrame.encode(request, version, nextCorrelationId, settings.clientId());
        InFlightRequest<R> sent = enter(request, version, sizeOf(frame), new FailureOnly<>(handler));
        inFlight.addOneWay(sent);
        channel.write(frame, () -> finishOneWay(sent, handler));
    }

    private <R> InFlightRequest<R> enter(ApiRequest<R> request, short version, int bytes, ResponseHandler<R> handler) {
        long now = loop.nanos();
        noteUse(request.apiKey(), now);
        long timeoutNanos = settings.requestTimeoutNanos();
        timeoutTimer.runNoLaterThan(now + timeoutNanos);
        return new InFlightRequest<>(request, version, nextCorrelationId++, bytes, now, timeoutNanos, handler);
    }

    /** A session that is renewed all the time does not make a connection one that is used. */
    private void noteUse(ApiKey apiKey, long nowNanos) {
        if (apiKey != ApiKey.SASL_HANDSHAKE && apiKey != ApiKey.SASL_AUTHENTICATE) {
            lastUseNanos = nowNanos;
        }
    }

    private static int sizeOf(List<ByteBuffer> frame) {
        int bytes = 0;
        for (ByteBuffer buffer : frame) {
            bytes += buffer.remaining();
        }
        return bytes;
    }

    private void finishOneWay(InFlightRequest<?> request, OneWayHandler handler) {
        inFlight.removeOneWay(request);
        owner.onRequestEnded(request.summary(0, loop.nanos(), 0, true));
        guarded(request, handler::onWritten);
        owner.onProgress();
    }

    /** Takes what the broker sent; the frame is borrowed for the call. */
    void receive(ByteBuffer frame) {
        if (broken) {
            return;
        }
        InFlightRequest<?> request = inFlight.awaitingNext();
        if (request == null) {
            breakUp(new MalformedResponseException(
                    peer + " sent " + frame.remaining() + " B although no request waits for a response"));
            return;
        }
        complete(request, frame);
    }

    private <R> void complete(InFlightRequest<R> request, ByteBuffer frame) {
        int responseBytes = Integer.BYTES + frame.remaining();
        R response;
        try {
            checkAnswers(request, frame);
            response = request.decode(frame);
        } catch (RuntimeException e) {
            request.decideFate(RequestFailure.Kind.MALFORMED);
            breakUp(new IOException(
                    "unreadable response from " + peer + ": request=" + request + " cause=" + e.getMessage(), e));
            return;
        }
        inFlight.removeAnswered();
        long now = loop.nanos();
        noteUse(request.apiKey(), now);
        long pauseNanos = ThrottleRules.pauseNanos(request.apiKey(), request.version(), response);
        muteFor(pauseNanos);
        owner.onRequestEnded(request.summary(responseBytes, now, pauseNanos, true));
        guarded(request, () -> request.succeed(response));
        owner.onProgress();
    }

    private static void checkAnswers(InFlightRequest<?> request, ByteBuffer frame) {
        int correlationId = ResponseFrame.readCorrelationId(frame);
        if (correlationId != request.correlationId()) {
            throw new MalformedResponseException(
                    "correlation=" + correlationId + " where " + request.correlationId() + " is next");
        }
        if (!request.isWritten()) { // its buffers would be given back while the transport still reads them
            throw new MalformedResponseException("answered before it was written");
        }
    }

    private void muteFor(long pauseNanos) {
        if (pauseNanos == 0) {
            return;
        }
        LOG.debug(
                "{} throttled: broker={} pause={} ms",
                settings.logPrefix(),
                peer,
                TimeUnit.NANOSECONDS.toMillis(pauseNanos));
        long until = loop.nanos() + pauseNanos;
        if (!muted || until - mutedUntilNanos > 0) {
            mutedUntilNanos = until;
            throttleTimer.runAt(until);
        }
        muted = true;
        inFlight.extendDeadlines(pauseNanos);
    }

    private void unmute() {
        muted = false;
        owner.onProgress();
    }

    private void checkTimeouts() {
        InFlightRequest<?> first = inFlight.firstToExpire();
        if (first == null) {
            return;
        }
        long now = loop.nanos();
        if (first.deadlineNanos() - now > 0) {
            timeoutTimer.runAt(first.deadlineNanos());
            return;
        }
        inFlight.markTimedOut(now);
        breakUp(new IOException("no response from " + peer + " within "
                + TimeUnit.NANOSECONDS.toMillis(settings.requestTimeoutNanos()) + " ms: request=" + first));
    }

    private void breakUp(Throwable cause) {
        broken = true;
        owner.onBroken(cause);
    }

    /** Fails whatever is in flight; the channel is closed, so nobody reads the requests' buffers any more. */
    void failAll(Throwable cause) {
        broken = true;
        timeoutTimer.cancel();
        throttleTimer.cancel();
        String detail = String.valueOf(cause.getMessage());
        for (InFlightRequest<?> request : inFlight.removeAll()) {
            owner.onRequestEnded(request.summary(0, loop.nanos(), 0, false));
            guarded(request, () -> request.fail(detail, cause));
        }
    }

    private void guarded(InFlightRequest<?> request, Runnable handler) {
        try {
            handler.run();
        } catch (Throwable t) { // one handler must not take the others down
            LOG.error("{} response handler failed: broker={} request={}", settings.logPrefix(), peer, request, t);
        }
    }

    /** Lets a one-way handler stand where a response handler is kept. */
    private record FailureOnly<R>(OneWayHandler handler) implements ResponseHandler<R> {

        @Override
        public void onResponse(R response) {
            throw new IllegalStateException("a request without response was answered");
        }

        @Override
        public void onFailure(RequestFailure failure) {
            handler.onFailure(failure);
        }
    }
}
