package dev.millrace.producer.config;

import org.jspecify.annotations.Nullable;

/**
 * What protects the connections and proves who the client is. Made by {@link ProducerConfig.Builder}, which checks. Producers
 * share a cluster only if theirs are equal.
 *
 * @param protocol the combination in use; default {@link SecurityProtocol#PLAINTEXT}
 * @param tls encryption, null without
 * @param sasl authentication, null without
 */
public record SecurityConfig(SecurityProtocol protocol, @Nullable TlsConfig tls, @Nullable SaslConfig sasl) {}
