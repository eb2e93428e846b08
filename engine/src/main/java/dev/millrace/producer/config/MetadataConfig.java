package dev.millrace.producer.config;

import java.time.Duration;

/**
 * How fresh the knowledge about topics and leaders is. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param maxAge when it is fetched again without need, at least 0; default 5 min
 * @param maxIdle when a topic nobody sends to is forgotten, at least 5 s; default 5 min
 */
public record MetadataConfig(Duration maxAge, Duration maxIdle) {}
