package dev.millrace.producer.internal.sender;

/**
 * What of the configuration the sender needs.
 *
 * @param clientId for logs and messages
 * @param acks 0, 1 or -1 for all
 * @param requestTimeoutMillis how long a broker may take for a request; sent with it
 * @param deliveryTimeoutNanos how long after its acceptance a record fails
 * @param retries how often a batch is sent again at the most
 */
public record SenderSettings(
        String clientId, short acks, int requestTimeoutMillis, long deliveryTimeoutNanos, int retries) {

    /** Whether brokers answer Produce requests. */
    boolean expectsResponses() {
        return acks != 0;
    }

    /** What every log line of the producer starts with. */
    String logPrefix() {
        return "[producer=" + clientId + "]";
    }
}
