package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.protocol.ApiKey;

/**
 * What a request cost, once it has been answered or has failed.
 *
 * @param apiKey which API
 * @param version the version used
 * @param requestBytes the frame's size, its length field included
 * @param responseBytes the answer's size, its length field included; 0 without an answer
 * @param latencyNanos from the hand-over to the transport to the end
 * @param throttleNanos the pause the broker asked for
 * @param answered whether an answer arrived; for a request without answer, whether it was written
 */
public record RequestSummary(
        ApiKey apiKey,
        short version,
        int requestBytes,
        int responseBytes,
        long latencyNanos,
        long throttleNanos,
        boolean answered) {}
