package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that a node cannot be reached and once that it can again, however often a connection is tried in between.
 * What happens between is visible at debug level, at every doubling of the backoff.
 */
@EventLoopOnly
final class ReachabilityLog {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);
    private static final long LOST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String identity;

    private boolean unreachable;
    private boolean hasLost;
    private long lastLostNanos;

    /**
     * For one connection.
     *
     * @param identity what every line starts with
     */
    ReachabilityLog(String identity) {
        this.identity = identity;
    }

    /** A connection that was ready is gone: at most one line a minute, for a broker may do that all day. */
    void lost(Throwable cause, long nowNanos) {
        if (hasLost && nowNanos - lastLostNanos < LOST_PAUSE_NANOS) {
            LOG.debug("{} connection lost: {}", identity, cause.getMessage());
            return;
        }
        hasLost = true;
        lastLostNanos = nowNanos;
        LOG.info("{} connection lost: {}", identity, cause.getMessage());
    }

    /** An attempt to connect failed, the n-th in a row. */
    void failed(Throwable cause, int failures) {
        if (!unreachable) {
            unreachable = true;
            LOG.warn("{} cannot connect: {}; trying again", identity, cause.getMessage());
        } else if (Integer.bitCount(failures) == 1) {
            LOG.debug("{} still cannot connect: failures={} cause={}", identity, failures, cause.getMessage());
        }
    }

    /** The connection is ready. */
    void ready(int failures) {
        if (unreachable) {
            unreachable = false;
            LOG.info("{} connected after {} failures", identity, failures);
        } else {
            LOG.debug("{} connected", identity);
        }
    }
}
