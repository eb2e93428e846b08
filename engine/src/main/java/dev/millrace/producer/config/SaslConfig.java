package dev.millrace.producer.config;

import dev.millrace.producer.security.SaslMechanism;

/**
 * How the client proves who it is. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param mechanism the way it does
 */
public record SaslConfig(SaslMechanism mechanism) {}
