package dev.millrace.producer.internal.client;

import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.sender.Sender;
import dev.millrace.producer.internal.telemetry.Telemetry;
import dev.millrace.producer.internal.time.WallClock;

/**
 * What the caller's side is made of.
 *
 * @param settings what of the configuration it needs
 * @param accumulator where records go
 * @param pool the buffer memory, for messages
 * @param completions where records end
 * @param metadata what topics there are
 * @param sender what takes records away
 * @param loop where the sender runs
 * @param delivery where users' callbacks run
 * @param observer who hears of refusals and waits
 * @param telemetry what the cluster hears of the producer
 * @param clock for record timestamps
 * @param release gives back what the producer shares with others; called once, last
 */
public record ClientParts(
        ClientSettings settings,
        RecordAccumulator accumulator,
        BufferPool pool,
        Completions completions,
        ClusterMetadata metadata,
        Sender sender,
        EventLoop loop,
        Delivery delivery,
        ObserverRelay observer,
        Telemetry telemetry,
        WallClock clock,
        Runnable release) {}
