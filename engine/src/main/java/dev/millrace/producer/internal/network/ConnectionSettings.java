package dev.millrace.producer.internal.network;

/**
 * How connections behave; the same for all connections of one owner. Checked by the configuration that it is built
 * from.
 *
 * @param clientId name of the client in the broker's logs and quotas, and in ours
 * @param requestTimeoutNanos how long a request may wait for its response
 * @param setupTimeoutNanos how long the first attempt to connect may take; doubles with each failure
 * @param setupTimeoutMaxNanos how long any attempt to connect may take
 * @param reconnectBackoffNanos pause after the first failure; doubles with each further one
 * @param reconnectBackoffMaxNanos longest pause after a failure
 * @param maxIdleNanos a connection unused for this long is closed; negative means never
 * @param maxInFlightRequests how many requests may wait for their responses at a time, at least 1
 * @param sendBufferBytes size of the socket's send buffer; {@value #SYSTEM_DEFAULT} leaves it to the system
 * @param receiveBufferBytes size of the socket's receive buffer; {@value #SYSTEM_DEFAULT} leaves it to the system
 */
public record ConnectionSettings(
        String clientId,
        long requestTimeoutNanos,
        long setupTimeoutNanos,
        long setupTimeoutMaxNanos,
        long reconnectBackoffNanos,
        long reconnectBackoffMaxNanos,
        long maxIdleNanos,
        int maxInFlightRequests,
        int sendBufferBytes,
        int receiveBufferBytes) {

    /** A buffer size that means: whatever the operating system takes. */
    public static final int SYSTEM_DEFAULT = -1;

    /** What every log line of the client starts with. */
    public String logPrefix() {
        return "[producer=" + clientId + "]";
    }
}
