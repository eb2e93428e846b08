package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.ConnectionChange;
import java.util.HashSet;
import java.util.Set;

/** What is counted of connections. An attempt to connect that fails is neither made nor closed. Delivery executor. */
final class ConnectionMetrics {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Counter made = new Counter();
    private final Counter closed = new Counter();
    private final Counter believed = new Counter();
    private final Counter refused = new Counter();
    private final Counter renewed = new Counter();
    private final Counter notRenewed = new Counter();
    private final Spread renewalMillis = new Spread();
    private final Set<Integer> connecting = new HashSet<>();

    void add(ConnectionChange change) {
        switch (change.event()) {
            case CONNECTING -> connecting.add(change.node());
            case READY -> {
                connecting.remove(change.node());
                made.add(1);
            }
            case LOST, CLOSED -> {
                if (!connecting.remove(change.node())) {
                    closed.add(1);
                }
            }
        }
    }

    void add(AuthenticationEnd authentication) {
        if (authentication.failure() != null) {
            (authentication.renewal() ? notRenewed : refused).add(1);
        } else if (authentication.renewal()) {
            renewed.add(1);
            renewalMillis.add(authentication.latencyNanos() / NANOS_PER_MILLI);
        } else {
            believed.add(1);
        }
    }

    void report(PointList points) {
        points.rateAndTotal("connection-creation", made);
        points.rateAndTotal("connection-close", closed);
        points.rateAndTotal("successful-authentication", believed);
        points.rateAndTotal("failed-authentication", refused);
        points.rateAndTotal("successful-reauthentication", renewed);
        points.rateAndTotal("failed-reauthentication", notRenewed);
        points.averageAndMax("reauthentication-latency", renewalMillis);
    }
}
