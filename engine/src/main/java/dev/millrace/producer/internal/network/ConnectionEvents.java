package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ConnectionChange.Event;
import dev.millrace.producer.observe.RequestEnd;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts what happens on connections into the words of the observer, if there is one. */
@EventLoopOnly
public final class ConnectionEvents {

    private final ObserverRelay observer;

    /** For the observer of one producer. */
    public ConnectionEvents(ObserverRelay observer) {
        this.observer = observer;
    }

    /** A request was answered or has failed. */
    public void requestEnded(BrokerConnection connection, RequestSummary request) {
        if (observer.isActive()) {
            RequestEnd end = new RequestEnd(
                    connection.nodeId(),
                    connection.address().toString(),
                    request.apiKey().name(),
                    request.version(),
                    request.requestBytes(),
                    request.responseBytes(),
                    request.latencyNanos(),
                    (int) TimeUnit.NANOSECONDS.toMillis(request.throttleNanos()),
                    request.answered());
            observer.tell(to -> to.onRequestEnded(end));
        }
    }

    /** The client was believed or refused. */
    public void authenticationEnded(BrokerConnection connection, AuthenticationSummary authentication) {
        if (observer.isActive()) {
            AuthenticationException refusal = authentication.refusal();
            AuthenticationEnd end = new AuthenticationEnd(
                    connection.nodeId(),
                    connection.address().toString(),
                    authentication.renewal(),
                    authentication.nanos(),
                    refusal == null ? null : String.valueOf(refusal.getMessage()));
            observer.tell(to -> to.onAuthentication(end));
        }
    }

    /** A connection is in another state. */
    public void stateChanged(BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {
        Event event = observer.isActive() ? eventOf(from, to) : null;
        if (event != null) {
            ConnectionChange change = new ConnectionChange(
                    connection.nodeId(),
                    connection.address().toString(),
                    event,
                    event == Event.LOST || event == Event.CLOSED ? cause : null);
            observer.tell(each -> each.onConnectionChanged(change));
        }
    }

    /** The steps in between, and the return to IDLE after a backoff, are no news. */
    private static @Nullable Event eventOf(ConnectionState from, ConnectionState to) {
        return switch (to) {
            case CONNECTING -> Event.CONNECTING;
            case READY -> Event.READY;
            case BACKING_OFF -> Event.LOST;
            case CLOSED -> from == ConnectionState.IDLE || from == ConnectionState.BACKING_OFF ? null : Event.CLOSED;
            case IDLE -> from == ConnectionState.DISCONNECTING ? Event.CLOSED : null;
            case AUTHENTICATING, NEGOTIATING, DRAINING, DISCONNECTING -> null;
        };
    }
}
