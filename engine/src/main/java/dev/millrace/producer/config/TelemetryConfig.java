package dev.millrace.producer.config;

/**
 * What the cluster hears of the producer. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param push whether metrics go to the cluster if it asks for them (KIP-714); default true
 */
public record TelemetryConfig(boolean push) {}
