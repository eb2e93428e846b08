package dev.millrace.producer.internal.sender;

/**
 * Decides how many of the ready batches of a node travel in the next request, and whether it is worth sending now. Pure.
 *
 * <p>A broker works on one request of a connection at a time, so a second request in flight hides the round trip and
 * further ones only wait in its queue. While there are requests in flight, more are sent only if they are large: the
 * threshold starts at {@code batch-size} and grows fourfold with each request in flight. Nobody waits longer for it: the
 * broker would not have looked at the request earlier, and the records that gather meanwhile travel in one request
 * instead of many.
 *
 * @param maxRequestBytes the most batch bytes in one request; a single larger batch travels alone
 * @param batchSizeBytes the configured batch size
 */
public record ProduceRequestPlanner(int maxRequestBytes, int batchSizeBytes) {

    private static final int GROWTH_SHIFT = 2;

    /** Whether a batch may join those already planned. */
    boolean fits(int plannedBatches, int plannedBytes, int nextBytes) {
        return plannedBatches == 0 || (long) plannedBytes + nextBytes <= maxRequestBytes;
    }

    /** Whether a request with this many batch bytes should leave now. */
    boolean isWorthSending(int plannedBytes, int requestsInFlight) {
        return requestsInFlight == 0 || plannedBytes >= thresholdBytes(requestsInFlight);
    }

    private long thresholdBytes(int requestsInFlight) {
        int shift = Math.min((requestsInFlight - 1) * GROWTH_SHIFT, Integer.SIZE);
        return Math.min(Math.max(1L, batchSizeBytes) << shift, maxRequestBytes / 2);
    }
}
