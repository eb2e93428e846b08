package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.time.WallClock;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What telemetry is made of.
 *
 * @param clientId the producer's name, for log lines
 * @param resource what all metrics are about, as attributes of OTLP
 * @param loop where the state is
 * @param delivery where events are told and users' futures complete
 * @param compression where bytes are made
 * @param codecs gives codecs that work, or throws {@link dev.millrace.producer.internal.compression.CodecMissingException}
 * @param cluster the way to a broker
 * @param observer where events come from
 * @param clock for the times of the numbers
 * @param random source of the jitter
 */
public record TelemetryParts(
        String clientId,
        Map<String, String> resource,
        EventLoop loop,
        Executor delivery,
        Executor compression,
        Function<Compression, Codec> codecs,
        ClusterMetadata cluster,
        ObserverRelay observer,
        WallClock clock,
        RandomGenerator random) {}
