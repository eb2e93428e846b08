package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** For how long the names of all bootstrap addresses have been unknown (KIP-909). Pure. */
@EventLoopOnly
final class UnknownBootstrap {

    private final long timeoutNanos;
    private final Set<BrokerAddress> unknown = new HashSet<>();
    private long sinceNanos;

    /**
     * Nothing is known to be unknown yet.
     *
     * @param timeoutNanos after how long waiting is of no use, 0 for never
     */
    UnknownBootstrap(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    /** A name was not found; the look-up began at this time. */
    void notFound(BrokerAddress address, long beganNanos) {
        if (unknown.isEmpty()) {
            sinceNanos = beganNanos;
        }
        unknown.add(address);
    }

    /** Some name was found. */
    void clear() {
        unknown.clear();
    }

    /** Whether none of these names has been found for too long. */
    boolean isTooLong(Collection<BrokerAddress> addresses, long nowNanos) {
        return timeoutNanos > 0 && unknown.containsAll(addresses) && nowNanos - sinceNanos >= timeoutNanos;
    }
}
