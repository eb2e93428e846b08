package dev.millrace.producer.config;

import java.time.Duration;

/**
 * How a record without partition gets one. Made by {@link ProducerConfig.Builder}, which checks. All but the first are
 * for records that go to one partition until a batch is full, which are those without key; none has a meaning with {@link
 * PartitionerType#ROUND_ROBIN} or a partitioner of the user's own.
 *
 * @param type which built-in partitioner; default {@link PartitionerType#DEFAULT}
 * @param ignoreKeys whether keys have no say in the choice; default false
 * @param adaptive whether partitions with much to send get less than others; default true
 * @param availabilityTimeout how long a broker may take nothing before its partitions are left out, 0 for ever; needs
 *     {@code adaptive}; default 0
 * @param rackAware whether partitions led in the rack {@link ProducerConfig#clientRack()} go first (KIP-1123); default
 *     false
 */
public record PartitioningConfig(
        PartitionerType type, boolean ignoreKeys, boolean adaptive, Duration availabilityTimeout, boolean rackAware) {}
