package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.AuthenticationSummary;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionEvents;
import dev.millrace.producer.internal.network.ConnectionListener;
import dev.millrace.producer.internal.network.ConnectionState;
import dev.millrace.producer.internal.network.RequestSummary;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.time.Backoff;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The way to the coordinators: who they are, the connections to them, and the requests that wait for a connection. */
@EventLoopOnly
final class Coordinators implements ConnectionListener {

    private final EventLoop loop;
    private final Backoff backoff;
    private final CoordinatorLookup lookup;
    private final BrokerConnections connections;
    private final ConnectionEvents events;
    private final Set<CoordinatorRequest<?>> waiting = new LinkedHashSet<>();
    private long featuresEpoch = Long.MIN_VALUE; // of the broker that knew most so far
    private short transactionVersion;
    private boolean closed;

    Coordinators(TransactionParts parts) {
        this.loop = parts.loop();
        this.backoff = parts.retryBackoff();
        this.lookup = new CoordinatorLookup(parts);
        this.events = new ConnectionEvents(parts.observer());
        this.connections = parts.connections().apply(this);
    }

    EventLoop loop() {
        return loop;
    }

    Backoff backoff() {
        return backoff;
    }

    CoordinatorLookup lookup() {
        return lookup;
    }

    boolean isClosed() {
        return closed;
    }

    BrokerConnection connectionTo(CoordinatorNode node) {
        return connections.connectionTo(node.nodeId(), node.address());
    }

    /** The request is told when a connection can be used or was lost. */
    void await(CoordinatorRequest<?> request) {
        waiting.add(request);
    }

    /** The request waits for no connection. */
    void leave(CoordinatorRequest<?> request) {
        waiting.remove(request);
    }

    /** The version of the transaction protocol the cluster has agreed on, as far as the brokers asked know. */
    short transactionVersion() {
        for (BrokerConnection connection : connections.all()) {
            if (connection.isReady()) {
                learn(connection.versions());
            }
        }
        return transactionVersion;
    }

    void close() {
        closed = true;
        waiting.clear();
        lookup.close();
        connections.closeAll("the producer was closed");
    }

    @Override
    public void onWritable(BrokerConnection connection) {
        for (CoordinatorRequest<?> request : List.copyOf(waiting)) {
            request.onWritable(connection);
        }
    }

    @Override
    public void onDisconnected(BrokerConnection connection, Throwable cause) {
        for (CoordinatorRequest<?> request : List.copyOf(waiting)) {
            request.onDisconnected(connection, cause);
        }
    }

    @Override
    public void onStateChanged(BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {
        events.stateChanged(connection, from, to, cause);
    }

    @Override
    public void onAuthenticationEnded(BrokerConnection connection, AuthenticationSummary authentication) {
        events.authenticationEnded(connection, authentication);
    }

    @Override
    public void onRequestEnded(BrokerConnection connection, RequestSummary request) {
        events.requestEnded(connection, request);
    }

    private void learn(NegotiatedVersions versions) {
        if (versions.finalizedFeaturesEpoch() >= featuresEpoch) {
            featuresEpoch = versions.finalizedFeaturesEpoch();
            transactionVersion = versions.transactionVersion();
        }
    }
}
