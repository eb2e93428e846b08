package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that brokers cannot be reached and that they can again, for all connections of a cluster together, however many
 * producers try however often. An outage has one line when it begins, further ones after 1 s, 3 s, 7 s and so on with
 * everything that is out, and one line for each address named before when it is reached again. The rest is visible at
 * debug level.
 */
@EventLoopOnly
public final class ReachabilityLog {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);
    private static final long LOST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long UNTRIED_NANOS = TimeUnit.MINUTES.toNanos(2); // nobody wants the address any more
    private static final int MAX_NAMED = 5;

    private final String prefix;
    private final Map<BrokerAddress, Outage> out = new LinkedHashMap<>();
    private final Map<BrokerAddress, Long> lostAtNanos = new HashMap<>();
    private long sinceNanos;
    private long nextLineNanos;
    private long pauseNanos;

    /**
     * For one cluster.
     *
     * @param prefix what every line starts with
     */
    public ReachabilityLog(String prefix) {
        this.prefix = prefix;
    }

    private static final class Outage {
        final long sinceNanos;
        long lastFailureNanos;
        int failures;
        String cause = "";
        boolean told;

        Outage(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    /** A connection that was ready is gone: at most one line a minute for each address, for a broker may do that all day. */
    void lost(BrokerAddress address, Throwable cause, long nowNanos) {
        Long last = lostAtNanos.get(address);
        if (last != null && nowNanos - last < LOST_PAUSE_NANOS) {
            LOG.debug("{} connection lost: address={} cause={}", prefix, address, cause.getMessage());
            return;
        }
        lostAtNanos.values().removeIf(at -> nowNanos - at >= LOST_PAUSE_NANOS);
        lostAtNanos.put(address, nowNanos);
        LOG.info("{} connection lost: address={} cause={}", prefix, address, cause.getMessage());
    }

    /** An attempt to connect failed. */
    public void failed(BrokerAddress address, Throwable cause, long nowNanos) {
        out.values().removeIf(each -> nowNanos - each.lastFailureNanos >= UNTRIED_NANOS);
        boolean begins = out.isEmpty();
        Outage outage = out.computeIfAbsent(address, first -> new Outage(nowNanos));
        outage.failures++;
        outage.lastFailureNanos = nowNanos;
        outage.cause = String.valueOf(cause.getMessage());
        if (begins) {
            sinceNanos = nowNanos;
            pauseNanos = FIRST_PAUSE_NANOS;
            nextLineNanos = nowNanos + pauseNanos;
            outage.told = true;
            LOG.warn("{} cannot connect: {}; trying again", prefix, outage.cause);
        } else if (nowNanos - nextLineNanos >= 0) {
            pauseNanos = Math.min(MAX_PAUSE_NANOS, 2 * pauseNanos);
            nextLineNanos = nowNanos + pauseNanos;
            LOG.warn("{} still cannot connect after {} ms: {}", prefix, millis(nowNanos - sinceNanos), tellAll());
        } else {
            LOG.debug("{} cannot connect: failures={} cause={}", prefix, outage.failures, outage.cause);
        }
    }

    /** A connection is ready. */
    void ready(BrokerAddress address, long nowNanos) {
        Outage outage = out.remove(address);
        if (outage != null && outage.told) {
            LOG.info(
                    "{} connected again: address={} after={} ms failures={}",
                    prefix,
                    address,
                    millis(nowNanos - outage.sinceNanos),
                    outage.failures);
        } else {
            LOG.debug("{} connected: address={}", prefix, address);
        }
    }

    private String tellAll() {
        List<String> causes = new ArrayList<>();
        for (Outage each : out.values()) {
            if (causes.size() == MAX_NAMED) {
                causes.add("and " + (out.size() - MAX_NAMED) + " more");
                break;
            }
            each.told = true;
            causes.add(each.cause);
        }
        return String.join("; ", causes);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
