package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that are not over yet, oldest first. A broker answers in the order it was asked, so
 * only the oldest can be answered; requests without response stand apart, for they leave as soon as they are written.
 */
@EventLoopOnly
final class InFlightRequests {

    private final ArrayDeque<InFlightRequest<?>> awaitingResponse = new ArrayDeque<>();
    private final ArrayDeque<InFlightRequest<?>> beingWritten = new ArrayDeque<>(); // those without response

    int size() {
        return awaitingResponse.size() + beingWritten.size();
    }

    boolean isEmpty() {
        return awaitingResponse.isEmpty() && beingWritten.isEmpty();
    }

    /** Adds a request that will be answered. */
    void addAwaitingResponse(InFlightRequest<?> request) {
        awaitingResponse.addLast(request);
    }

    /** Adds a request that is over once it is written. */
    void addOneWay(InFlightRequest<?> request) {
        beingWritten.addLast(request);
    }

    /** The request that the next response belongs to, null if there is none. */
    @Nullable InFlightRequest<?> awaitingNext() {
        return awaitingResponse.peekFirst();
    }

    /** Takes the request that was answered. */
    void removeAnswered() {
        awaitingResponse.removeFirst();
    }

    /** Takes a request without response that was written; frames leave in order, so it is the oldest. */
    void removeOneWay(InFlightRequest<?> request) {
        InFlightRequest<?> oldest = beingWritten.removeFirst();
        if (oldest != request) {
            throw new IllegalStateException("written out of order: expected " + oldest + ", got " + request);
        }
    }

    /** The request whose time is over first, null if there is none. */
    @Nullable InFlightRequest<?> firstToExpire() {
        InFlightRequest<?> awaiting = awaitingResponse.peekFirst();
        InFlightRequest<?> writing = beingWritten.peekFirst();
        if (awaiting == null || writing == null) {
            return awaiting == null ? writing : awaiting;
        }
        return awaiting.deadlineNanos() - writing.deadlineNanos() <= 0 ? awaiting : writing;
    }

    /** Marks every request whose time is over, to be told so when the connection has closed. */
    void markTimedOut(long nowNanos) {
        for (InFlightRequest<?> request : all()) {
            if (request.deadlineNanos() - nowNanos <= 0) {
                request.decideFate(RequestFailure.Kind.TIMED_OUT);
            }
        }
    }

    /** Gives every request more time, because the broker asked for a pause. */
    void extendDeadlines(long nanos) {
        for (InFlightRequest<?> request : all()) {
            request.extend(nanos);
        }
    }

    /** Takes all requests, oldest first. */
    List<InFlightRequest<?>> removeAll() {
        List<InFlightRequest<?>> all = all();
        awaitingResponse.clear();
        beingWritten.clear();
        return all;
    }

    private List<InFlightRequest<?>> all() {
        List<InFlightRequest<?>> all = new ArrayList<>(size());
        all.addAll(awaitingResponse);
        all.addAll(beingWritten);
        return all;
    }
}
