package dev.millrace.producer.config;

import java.time.Duration;

/**
 * When a token is replaced before it ends. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param windowFactor the part of a token's life after which a new one is fetched, 0.5 to 1; default 0.8
 * @param windowJitter the greatest part of a token's life that is added at random, 0 to 0.25; default 0.05
 * @param minPeriod the least time between two tokens, 0 to 15 minutes; default 1 minute; not for tokens that live shorter
 *     than this and the buffer together
 * @param buffer the least time before the end, 0 to 1 hour; default 5 minutes; not for such tokens either
 */
public record LoginRefreshConfig(double windowFactor, double windowJitter, Duration minPeriod, Duration buffer) {}
