package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.ConnectionState;
import dev.millrace.producer.internal.network.RequestSummary;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ConnectionChange.Event;
import dev.millrace.producer.observe.EngineError;
import dev.millrace.producer.observe.IdentityChange;
import dev.millrace.producer.observe.RequestEnd;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts what happens in the sender into the words of the observer, if there is one. */
@EventLoopOnly
final class SenderEvents {

    private final ObserverRelay observer;

    SenderEvents(ObserverRelay observer) {
        this.observer = observer;
    }

    void retried(DrainedBatch batch) {
        if (observer.isActive()) {
            BatchRetry retry = new BatchRetry(
                    batch.batch().topicPartition(),
                    batch.batch().recordCount(),
                    batch.attempts(),
                    batch.lastNode(),
                    batch.lastError());
            observer.tell(to -> to.onBatchRetried(retry));
        }
    }

    void split(ProducerBatch batch, int wireBytes, int pieces) {
        if (observer.isActive()) {
            BatchSplit split = new BatchSplit(batch.topicPartition(), batch.recordCount(), wireBytes, pieces);
            observer.tell(to -> to.onBatchSplit(split));
        }
    }

    void requestEnded(BrokerConnection connection, RequestSummary request) {
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

    void connection(BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {
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

    void identity(long producerId, ErrorCode error) {
        if (observer.isActive()) {
            IdentityChange change = new IdentityChange(producerId, error);
            observer.tell(to -> to.onIdentity(change));
        }
    }

    void engineError(Object where, Throwable thrown) {
        if (observer.isActive()) {
            EngineError error = new EngineError(where.toString(), thrown);
            observer.tell(to -> to.onEngineError(error));
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
            case NEGOTIATING, DISCONNECTING -> null;
        };
    }
}
