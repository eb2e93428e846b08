package dev.millrace.producer.config;

/**
 * How a record without partition gets one. Made by {@link ProducerConfig.Builder}.
 *
 * @param ignoreKeys whether keys have no say in the choice; default false
 */
public record PartitioningConfig(boolean ignoreKeys) {}
