package dev.millrace.producer.config;

import java.time.Duration;

/**
 * What delivered means, and how long and how often it is tried. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param acks which replicas must have a record; default {@link Acks#ALL}
 * @param retries how often a batch is sent again, at least 0; default 2147483647, which leaves the end to
 *     {@code deliveryTimeout}
 * @param retryBackoff wait before the first retry, at least 0; default 100 ms
 * @param retryBackoffMax longest wait before a retry, not below {@code retryBackoff}; default 1 s
 * @param deliveryTimeout how long a record may take from send to its result, not below linger + {@code requestTimeout};
 *     default 2 min, or that sum if it is longer. No record fails earlier for want of time. It may fail later by as much as
 *     its batch was open: at most a twentieth of the timeout and half a second, or, if that is longer, the linger and a
 *     quarter of the greater of the two
 * @param requestTimeout how long a broker may take for an answer, at least 0 and at most 2147483647 ms; default 30 s
 * @param maxBlock how long a send may wait for buffer space, at least 0; 0 means not at all; default 60 s
 * @param maxInFlightRequests requests sent to a broker and not answered, at least 1, at most 5 with idempotence;
 *     default 5
 * @param idempotence whether the broker drops duplicates and keeps the order through retries; needs {@link Acks#ALL}
 *     and retries; default true, or false if acks or retries say so and idempotence is not set
 * @param maxRequestSizeBytes largest request and largest record, at least 0; default 1 MiB
 */
public record DeliveryConfig(
        Acks acks,
        int retries,
        Duration retryBackoff,
        Duration retryBackoffMax,
        Duration deliveryTimeout,
        Duration requestTimeout,
        Duration maxBlock,
        int maxInFlightRequests,
        boolean idempotence,
        int maxRequestSizeBytes) {}
