package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.observe.RequestEnd;

/** What is counted of requests, for a node and for all of them. Delivery executor. */
final class RequestMetrics {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Counter requests = new Counter();
    private final Counter responses = new Counter();
    private final Counter bytesOut = new Counter();
    private final Counter bytesIn = new Counter();
    private final Spread requestBytes = new Spread();
    private final Spread latencyMillis = new Spread();

    void add(RequestEnd request) {
        requests.add(1);
        bytesOut.add(request.requestBytes());
        bytesIn.add(request.responseBytes());
        requestBytes.add(request.requestBytes());
        if (request.answered()) {
            responses.add(1);
            latencyMillis.add(request.latencyNanos() / NANOS_PER_MILLI);
        }
    }

    void report(PointList points) {
        points.rateAndTotal("request", requests);
        points.rateAndTotal("response", responses);
        points.rateAndTotal("outgoing-byte", bytesOut);
        points.rateAndTotal("incoming-byte", bytesIn);
        points.averageAndMax("request-size", requestBytes);
        points.averageAndMax("request-latency", latencyMillis);
    }
}
