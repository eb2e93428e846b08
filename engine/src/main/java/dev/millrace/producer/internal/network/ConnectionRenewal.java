package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the connections to a cluster after what they were made with has changed: keys, trusted authorities,
 * passwords. Those that work are drained one after the other, broker by broker, across all producers. The next one begins
 * when the one before is ready again, so that a producer never lacks more than one broker. Attempts to connect that are
 * under way begin anew at once, and pauses after a refusal end.
 *
 * <p>If brokers refuse what is new, the connections that are left keep working with what they have: the renewal goes on
 * when the first one is ready after all, or with the next change.
 */
@EventLoopOnly
public final class ConnectionRenewal {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final String logPrefix;
    private final Set<BrokerConnections> owners = new LinkedHashSet<>();
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private @Nullable BrokerConnection current; // drained, or coming back
    private String reason = "";
    private int renewed;

    /**
     * For one cluster.
     *
     * @param logPrefix what every line starts with
     */
    ConnectionRenewal(String logPrefix) {
        this.logPrefix = logPrefix;
    }

    /** A connection whose turn comes, unless it has another channel by then. */
    private record Turn(BrokerConnection connection, int channels) {

        boolean isOver() {
            return connection.channels() != channels || !connection.isReady();
        }
    }

    /**
     * Replaces every connection that exists now. A renewal under way begins anew.
     *
     * @param cause what has changed, for logs
     */
    public void renewAll(String cause) {
        reason = cause;
        renewed = 0;
        current = null;
        waiting.clear();
        List<BrokerConnection> all = new ArrayList<>();
        owners.forEach(owner -> all.addAll(owner.all()));
        all.sort(Comparator.comparing(connection -> connection.address().toString()));
        for (BrokerConnection connection : all) {
            if (connection.isReady()) {
                waiting.add(new Turn(connection, connection.channels()));
            } else {
                connection.renew(cause);
            }
        }
        LOG.info("{} renewing connections: count={} reason={}", logPrefix, waiting.size(), cause);
        proceed();
    }

    /**
     * Ends the pauses of connections that were refused, as the next attempt may succeed.
     *
     * @param cause what has changed, for logs
     */
    public void endPauses(String cause) {
        List.copyOf(owners).forEach(owner -> owner.all().forEach(connection -> connection.endRefusalPause(cause)));
    }

    void add(BrokerConnections owner) {
        owners.add(owner);
    }

    void remove(BrokerConnections owner) {
        owners.remove(owner);
    }

    /** Hears of every connection of the cluster. */
    void stateChanged(BrokerConnection connection, ConnectionState state) {
        if (connection != current) {
            return;
        }
        switch (state) {
            case READY -> {
                renewed++;
                currentEnded();
            }
            case BACKING_OFF -> {
                if (connection.lastFailure() instanceof AuthenticationException) {
                    connection.ensureConnected(); // after the pause; until then the others stay as they are
                } else {
                    currentEnded(); // a broker that is away must not hold the others up
                }
            }
            case CLOSED -> currentEnded();
            default -> {
                // on its way
            }
        }
    }

    private void currentEnded() {
        current = null;
        proceed();
    }

    private void proceed() {
        while (current == null) {
            Turn next = waiting.poll();
            if (next == null) {
                if (renewed > 0) {
                    LOG.info("{} connections renewed: count={} reason={}", logPrefix, renewed, reason);
                    renewed = 0;
                }
                return;
            }
            if (!next.isOver()) {
                current = next.connection();
                next.connection().renew(reason);
            }
        }
    }
}
