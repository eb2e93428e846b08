package dev.millrace.spring.metrics;

import dev.millrace.producer.observe.RequestEnd;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Requests to one node or to all. */
final class RequestCounts {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Tally requests;
    private final Tally responses;
    private final Tally outgoingBytes;
    private final Tally incomingBytes;
    private final Spread sizes;
    private final Spread latencyMillis;

    RequestCounts(LongSupplier nanoTime) {
        requests = new Tally(nanoTime);
        responses = new Tally(nanoTime);
        outgoingBytes = new Tally(nanoTime);
        incomingBytes = new Tally(nanoTime);
        sizes = new Spread(nanoTime);
        latencyMillis = new Spread(nanoTime);
    }

    void add(RequestEnd request, long nowNanos) {
        requests.add(1, nowNanos);
        outgoingBytes.add(request.requestBytes(), nowNanos);
        sizes.add(request.requestBytes(), nowNanos);
        if (request.answered()) {
            responses.add(1, nowNanos);
            incomingBytes.add(request.responseBytes(), nowNanos);
            latencyMillis.add(request.latencyNanos() / NANOS_PER_MILLI, nowNanos);
        }
    }

    void register(ReferenceMeters meters) {
        meters.rateAndTotal("request", "requests sent", requests);
        meters.rateAndTotal("response", "answers received", responses);
        meters.rateAndTotal("outgoing.byte", "bytes sent", outgoingBytes);
        meters.rateAndTotal("incoming.byte", "bytes received", incomingBytes);
        meters.averageAndMax("request.size", "size of a request in bytes", sizes);
        meters.averageAndMax("request.latency", "time from a request to its answer in ms", latencyMillis);
    }
}
