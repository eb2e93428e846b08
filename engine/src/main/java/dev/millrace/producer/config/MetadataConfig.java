package dev.millrace.producer.config;

import java.time.Duration;

/**
 * How fresh the knowledge about topics and leaders is. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param maxAge when it is fetched again without need, at least 0; default 5 min
 * @param maxIdle when a topic nobody sends to is forgotten, at least 5 s; default 5 min
 * @param recovery what happens when no known broker answers any more; default {@link MetadataRecovery#REBOOTSTRAP}
 * @param rebootstrapTrigger after how long without fresh metadata the bootstrap servers are asked again, at least 0
 *     (KIP-1102); default 5 min
 * @param bootstrapResolveTimeout how long the names of all bootstrap servers may be unknown before sends fail, 0 for as
 *     long as they may take anyway (KIP-909); default 0
 */
public record MetadataConfig(
        Duration maxAge,
        Duration maxIdle,
        MetadataRecovery recovery,
        Duration rebootstrapTrigger,
        Duration bootstrapResolveTimeout) {}
