package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.network.AuthenticationSummary;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.ConnectionEvents;
import dev.millrace.producer.internal.network.ConnectionState;
import dev.millrace.producer.internal.network.RequestSummary;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.EngineError;
import dev.millrace.producer.observe.IdentityChange;

/** Puts what happens in the sender into the words of the observer, if there is one. */
@EventLoopOnly
final class SenderEvents {

    private final ObserverRelay observer;
    private final ConnectionEvents connections;

    SenderEvents(ObserverRelay observer) {
        this.observer = observer;
        this.connections = new ConnectionEvents(observer);
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
        connections.requestEnded(connection, request);
    }

    void authenticationEnded(BrokerConnection connection, AuthenticationSummary authentication) {
        connections.authenticationEnded(connection, authentication);
    }

    void connection(BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {
        connections.stateChanged(connection, from, to, cause);
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
}
