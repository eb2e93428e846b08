package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionListener;
import dev.millrace.producer.internal.time.Backoff;
import java.util.function.Function;

/**
 * What the transactions of a producer are made of.
 *
 * @param settings what of the configuration they need
 * @param loop where they live
 * @param delivery where the futures of callers complete
 * @param metadata finds a broker that knows the coordinators
 * @param connections makes connections to coordinators, of their own: a broker serves one request of a connection at a
 *     time, and a coordinator would answer only after the records on their way to it
 * @param retryBackoff how long a request waits before it is asked again
 * @param observer who hears of the ends of transactions
 */
public record TransactionParts(
        TransactionSettings settings,
        EventLoop loop,
        Delivery delivery,
        ClusterMetadata metadata,
        Function<ConnectionListener, BrokerConnections> connections,
        Backoff retryBackoff,
        ObserverRelay observer) {}
