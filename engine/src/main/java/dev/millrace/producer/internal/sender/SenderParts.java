package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionListener;
import dev.millrace.producer.internal.time.Backoff;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the sender is made of.
 *
 * @param settings what of the configuration it needs
 * @param loop where it runs
 * @param accumulator where batches come from
 * @param completions where they end
 * @param metadata who leads which partition
 * @param connections makes the producer's connections, with the sender as their listener
 * @param idempotence makes what stamps batches, with the sender as its listener
 * @param gate which batches may be sent
 * @param planner what travels together
 * @param retryBackoff how long a batch waits before it is sent again
 * @param compression where work on the bytes of large batches runs
 * @param observer who hears of retries, requests, connections
 */
public record SenderParts(
        SenderSettings settings,
        EventLoop loop,
        RecordAccumulator accumulator,
        Completions completions,
        ClusterMetadata metadata,
        Function<ConnectionListener, BrokerConnections> connections,
        Function<IdentitySource.Listener, Idempotence> idempotence,
        DrainGate gate,
        ProduceRequestPlanner planner,
        Backoff retryBackoff,
        Executor compression,
        ObserverRelay observer) {}
