package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one owner, one per node id. A bootstrap address and a node are different things even where they
 * have the same address.
 */
@EventLoopOnly
public final class BrokerConnections {

    private final EventLoop loop;
    private final Transport transport;
    private final ConnectionSettings settings;
    private final ConnectionListener listener;
    private final ConnectionCommons commons;
    private final RandomGenerator random;
    private final Map<Integer, BrokerConnection> byNodeId = new LinkedHashMap<>();

    /**
     * Makes no connection yet.
     *
     * @param commons the cluster's
     * @param random source of the jitter
     */
    public BrokerConnections(
            EventLoop loop,
            Transport transport,
            ConnectionSettings settings,
            ConnectionListener listener,
            ConnectionCommons commons,
            RandomGenerator random) {
        this.loop = loop;
        this.transport = transport;
        this.settings = settings;
        this.listener = listener;
        this.commons = commons;
        this.random = random;
    }

    /**
     * The connection to a node, made on first use and not connected by that. A node that moved to another address gets a
     * new connection; the old one is closed.
     */
    public BrokerConnection connectionTo(int nodeId, BrokerAddress address) {
        assert loop.inEventLoop();
        BrokerConnection current = byNodeId.get(nodeId);
        if (current != null && current.address().equals(address)) {
            return current;
        }
        BrokerConnection created =
                new BrokerConnection(loop, transport, settings, listener, commons, random, nodeId, address);
        byNodeId.put(nodeId, created);
        commons.renewal().add(this);
        if (current != null) {
            current.close("node " + nodeId + " moved to " + address);
        }
        return created;
    }

    /** The connection to a node, null if there never was one or it was closed by {@link #close}. */
    public @Nullable BrokerConnection find(int nodeId) {
        return byNodeId.get(nodeId);
    }

    /** All connections, in the order of their first use; a copy. */
    public List<BrokerConnection> all() {
        return new ArrayList<>(byNodeId.values());
    }

    /** Closes and forgets the connection to a node, if there is one. */
    public void close(int nodeId, String reason) {
        BrokerConnection current = byNodeId.remove(nodeId);
        if (current != null) {
            current.close(reason);
        }
    }

    /** Closes and forgets all connections. */
    public void closeAll(String reason) {
        assert loop.inEventLoop();
        List<BrokerConnection> all = all();
        byNodeId.clear();
        commons.renewal().remove(this);
        for (BrokerConnection connection : all) {
            connection.close(reason);
        }
    }
}
