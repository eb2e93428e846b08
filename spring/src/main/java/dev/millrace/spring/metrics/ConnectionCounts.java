package dev.millrace.spring.metrics;

import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.ConnectionChange;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What is counted of connections: that they came and went, and whether their brokers believed the client. */
final class ConnectionCounts {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Tally made;
    private final Tally ended;
    private final Tally believed;
    private final Tally refused;
    private final Tally renewed;
    private final Tally notRenewed;
    private final Spread renewalMillis;

    ConnectionCounts(LongSupplier nanoTime) {
        made = new Tally(nanoTime);
        ended = new Tally(nanoTime);
        believed = new Tally(nanoTime);
        refused = new Tally(nanoTime);
        renewed = new Tally(nanoTime);
        notRenewed = new Tally(nanoTime);
        renewalMillis = new Spread(nanoTime);
    }

    void register(ReferenceMeters meters) {
        meters.rateAndTotal("connection.creation", "connections made", made);
        meters.rateAndTotal("connection.close", "connections that ended", ended);
        meters.rateAndTotal("successful.authentication", "connections whose broker believes the client", believed);
        meters.rateAndTotal("failed.authentication", "connections that one side refused", refused);
        meters.rateAndTotal("successful.reauthentication", "sessions renewed", renewed);
        meters.rateAndTotal("failed.reauthentication", "sessions whose renewal was refused", notRenewed);
        meters.averageAndMax("reauthentication.latency", "time a renewal of a session took in ms", renewalMillis);
    }

    void add(ConnectionChange change, long now) {
        switch (change.event()) {
            case CONNECTING -> {}
            case READY -> made.add(1, now);
            case LOST, CLOSED -> ended.add(1, now);
        }
    }

    void add(AuthenticationEnd authentication, long now) {
        if (authentication.failure() != null) {
            (authentication.renewal() ? notRenewed : refused).add(1, now);
        } else if (authentication.renewal()) {
            renewed.add(1, now);
            renewalMillis.add(authentication.latencyNanos() / NANOS_PER_MILLI, now);
        } else {
            believed.add(1, now);
        }
    }
}
