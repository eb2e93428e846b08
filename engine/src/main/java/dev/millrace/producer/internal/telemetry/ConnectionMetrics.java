package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.observe.ConnectionChange;
import java.util.HashSet;
import java.util.Set;

/** What is counted of connections. An attempt to connect that fails is neither made nor closed. Delivery executor. */
final class ConnectionMetrics {

    private final Counter made = new Counter();
    private final Counter closed = new Counter();
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

    void report(PointList points) {
        points.rateAndTotal("connection-creation", made);
        points.rateAndTotal("connection-close", closed);
    }
}
