package dev.millrace.producer.internal;

import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.Transport;
import dev.millrace.producer.internal.time.WallClock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a producer finds in place and does not own: threads, time, chance, network and the view of the cluster.
 *
 * @param loop where the core runs
 * @param transport what carries its bytes
 * @param delivery where users' callbacks run
 * @param compression where work on the bytes of large batches runs
 * @param codecs compression as its producers share it
 * @param metadata what the cluster looks like, started
 * @param random source of the jitter
 * @param clock for record timestamps
 * @param release tells that the producer needs all this no more
 */
record Surroundings(
        EventLoop loop,
        Transport transport,
        Delivery delivery,
        Executor compression,
        Codecs codecs,
        ClusterMetadata metadata,
        RandomGenerator random,
        WallClock clock,
        Runnable release) {}
