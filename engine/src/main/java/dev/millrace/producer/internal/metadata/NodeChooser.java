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
import java.util.LinkedHashMap;
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
    private final Map<Integer, BrokerAddress> bootstrap = new LinkedHashMap<>();
    private final Rebootstrap rebootstrap;
    private final RandomGenerator random;

    private Map<Integer, BrokerAddress> known = Map.of();
    private boolean bootstrapping = true;
    private final Set<Integer> failedThisRound = new HashSet<>();
    private final Set<Integer> retiring = new HashSet<>(); // nodes gone from the lists, until nothing is in flight

    NodeChooser(BrokerConnections connections, MetadataSettings settings, RandomGenerator random) {
        this.connections = connections;
        this.rebootstrap = settings.rebootstrap();
        this.random = random;
        for (BrokerAddress address : settings.bootstrap()) {
            bootstrap.put(-1 - bootstrap.size(), address);
        }
    }

    /** A connection that can take a request now; null if one is on its way, which is started if need be. */
    @Nullable BrokerConnection choose() {
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

    /** A node was of no use; it is not tried again in this round. */
    void failed(int nodeId) {
        failedThisRound.add(nodeId);
    }

    /** The cluster has described itself. */
    void useNodes(Map<Integer, BrokerAddress> nodes) {
        known = new TreeMap<>(nodes); // an order that a simulation can repeat
        bootstrapping = false;
        failedThisRound.clear();
        for (BrokerConnection connection : connections.all()) {
            if (!nodes.containsKey(connection.nodeId())) {
                retiring.add(connection.nodeId());
            }
        }
        retiring.removeAll(nodes.keySet());
    }

    /** Forgets the nodes known and begins again with the bootstrap addresses, unless that is not allowed. */
    void forgetNodes() {
        if (rebootstrap == Rebootstrap.NEVER) {
            return;
        }
        retiring.addAll(known.keySet());
        known = Map.of();
        bootstrapping = true;
        failedThisRound.clear();
        retiring.removeAll(bootstrap.keySet());
    }

    private List<BrokerConnection> candidates() {
        List<BrokerConnection> candidates = new ArrayList<>();
        (bootstrapping ? bootstrap : known).forEach((nodeId, address) -> {
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
        return failedThisRound.containsAll((bootstrapping ? bootstrap : known).keySet());
    }

    private void beginNextRound() {
        failedThisRound.clear();
        if (rebootstrap == Rebootstrap.ALLOWED && !known.isEmpty()) {
            bootstrapping = !bootstrapping;
            retiring.removeAll(bootstrap.keySet());
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
