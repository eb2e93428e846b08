package dev.millrace.producer.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether records are sent in transactions. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param id connects a producer with those that came before it and will come after it; null for a producer without
 *     transactions, never blank. Needs {@link Acks#ALL} and idempotence
 * @param timeout how long a transaction may stay open before the coordinator aborts it, at least 1 ms and at most
 *     2147483647 ms, and no more than the cluster's {@code transaction.max.timeout.ms}; default 60 s
 */
public record TransactionConfig(@Nullable String id, Duration timeout) {}
