package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.MetadataSettings.Rebootstrap;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds a node for a request that any node can answer: the least loaded one that is ready; while one is being connected,
 * that one; else the one whose last attempt is longest ago.
 *
 * <p>It begins with the bootstrap addresses, which have the ids -1, -2, …, and moves to the nodes of the cluster once
 * they are known. A <em>round</em> ends when every node of the current list has failed; the next round takes the other
 * list, so that a cluster that moved is found again by its bootstrap addresses (KIP-899), and one whose bootstrap
 * addresses are gone by the nodes known.
 */
@EventLoopOnly
final class NodeChooser {

    private final BrokerConnections connections;
    private final BootstrapList bootstrap;
    private final Rebootstrap rebootstrap;
    private final RandomGenerator random;

    private Map<Integer, BrokerAddress> known = Map.of();
    private boolean bootstrapping = true;
    private final Set<Integer> failedThisRound = new HashSet<>();
    private final Set<Integer> retiring = new HashSet<>(); // nodes gone from the lists, until nothing is in flight

    NodeChooser(
            BrokerConnections connections, BootstrapList bootstrap, MetadataSettings settings, RandomGenerator random) {
        this.connections = connections;
        this.bootstrap = bootstrap;
        this.rebootstrap = settings.rebootstrap();
        this.random = random;
    }

    /** A connection that can take a request now; null if one is on its way, which is started if need be. */
    @Nullable BrokerConnection choose() {
        if (list().isEmpty()) {
            return null; // the names of the bootstrap addresses are being looked up
        }
        if (isRoundOver()) {
            beginNextRound();
        }
        List<BrokerConnection> candidates = candidates();
        BrokerConnection best = leastLoaded(candidates);
        if (best != null || isSettingUp(candidates)) {
            return best;
        }
        BrokerConnection next = longestUntried(candidates);
        if (next != null) {
            next.ensureConnected();
        }
        return null;
    }

    /** As {@link #choose()}, but this node if it can be had. */
    @Nullable BrokerConnection choose(@Nullable Integer keptNodeId) {
        BrokerAddress address = keptNodeId == null ? null : list().get(keptNodeId);
        if (keptNodeId == null || address == null || failedThisRound.contains(keptNodeId)) {
            return choose();
        }
        BrokerConnection kept = connections.connectionTo(keptNodeId, address);
        if (kept.canSend()) {
            return kept;
        }
        if (kept.state() == ConnectionState.IDLE) {
            kept.ensureConnected(); // it was idle for too long
        }
        return kept.state().isSettingUp() ? null : choose();
    }

    /** A node was of no use; it is not tried again in this round. */
    void failed(int nodeId) {
        failedThisRound.add(nodeId);
    }

    /** The cluster has described itself. */
    void useNodes(Map<Integer, BrokerAddress> nodes) {
        known = new TreeMap<>(nodes); // an order that a simulation can repeat
        bootstrapping = false;
        failedThisRound.clear();
        retireAllBut(nodes.keySet());
    }

    /** There is a new list of bootstrap addresses. */
    void useBootstrapList() {
        if (bootstrapping) {
            Set<Integer> wanted = new HashSet<>(known.keySet());
            wanted.addAll(list().keySet());
            retireAllBut(wanted);
            failedThisRound.retainAll(known.keySet()); // the ids of the list are other addresses now
        }
    }

    /**
     * Forgets the nodes known and begins again with the bootstrap addresses, unless that is not allowed.
     *
     * @return whether there were any to forget
     */
    boolean forgetNodes() {
        if (rebootstrap == Rebootstrap.NEVER || known.isEmpty()) {
            return false;
        }
        retiring.addAll(known.keySet());
        known = Map.of();
        failedThisRound.clear();
        beginBootstrap();
        return true;
    }

    private void beginBootstrap() {
        bootstrapping = true;
        bootstrap.renew();
        retiring.removeAll(bootstrap.current().keySet());
    }

    private void retireAllBut(Set<Integer> wanted) {
        for (BrokerConnection connection : connections.all()) {
            if (!wanted.contains(connection.nodeId())) {
                retiring.add(connection.nodeId());
            }
        }
        retiring.removeAll(wanted);
    }

    private Map<Integer, BrokerAddress> list() {
        return bootstrapping ? bootstrap.current() : known;
    }

    private List<BrokerConnection> candidates() {
        List<BrokerConnection> candidates = new ArrayList<>();
        list().forEach((nodeId, address) -> {
            if (!failedThisRound.contains(nodeId)) {
                candidates.add(connections.connectionTo(nodeId, address));
            }
        });
        if (!bootstrapping && !candidates.isEmpty()) {
            Collections.rotate(candidates, random.nextInt(candidates.size()));
        }
        return candidates;
    }

    private static @Nullable BrokerConnection leastLoaded(List<BrokerConnection> candidates) {
        BrokerConnection best = null;
        for (BrokerConnection candidate : candidates) {
            if (candidate.canSend() && (best == null || candidate.inFlight() < best.inFlight())) {
                best = candidate;
            }
        }
        return best;
    }

    private static boolean isSettingUp(List<BrokerConnection> candidates) {
        return candidates.stream().anyMatch(candidate -> candidate.state().isSettingUp());
    }

    private static @Nullable BrokerConnection longestUntried(List<BrokerConnection> candidates) {
        BrokerConnection best = null;
        for (BrokerConnection candidate : candidates) {
            if (!candidate.isReady() && (best == null || isBetterToDial(candidate, best))) {
                best = candidate;
            }
        }
        return best;
    }

    private static boolean isBetterToDial(BrokerConnection candidate, BrokerConnection best) {
        boolean candidateIdle = candidate.state() == ConnectionState.IDLE;
        if (candidateIdle != (best.state() == ConnectionState.IDLE)) {
            return candidateIdle;
        }
        return candidate.lastAttemptNanos() - best.lastAttemptNanos() < 0;
    }

    private boolean isRoundOver() {
        return failedThisRound.containsAll(list().keySet());
    }

    private void beginNextRound() {
        failedThisRound.clear();
        boolean canChange = rebootstrap == Rebootstrap.ALLOWED && !known.isEmpty();
        if (bootstrapping && canChange) {
            bootstrapping = false;
        } else if (bootstrapping || canChange) {
            beginBootstrap();
        }
    }

    /** Closes the connections to nodes that are gone, once nothing is in flight there. */
    void closeRetired() {
        retiring.removeIf(nodeId -> {
            BrokerConnection connection = connections.find(nodeId);
            if (connection != null && connection.inFlight() > 0) {
                return false;
            }
            connections.close(nodeId, "no node of the cluster any more");
            return true;
        });
    }
}
