package dev.millrace.devbroker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The ports of a cluster: per node one for the controller and one for each listener. */
final class ClusterPorts implements AutoCloseable {
    /** The listener that brokers use among themselves and clients use by default. */
    static final String PLAINTEXT = "PLAINTEXT";
    /** The listener of the KRaft quorum. */
    static final String CONTROLLER = "CONTROLLER";

    static final String HOST = "127.0.0.1";

    private final int nodes;
    private final Map<String, DevListener> listeners;
    private final Map<String, List<PortLease>> leases = new LinkedHashMap<>();

    private ClusterPorts(int nodes, Map<String, DevListener> listeners) {
        this.nodes = nodes;
        this.listeners = listeners;
    }

    /** Leases all ports, or none and throws. */
    static ClusterPorts lease(ClusterSettings settings) {
        ClusterPorts ports = new ClusterPorts(settings.nodes(), settings.listeners());
        try {
            for (int i = 0; i < settings.nodes(); i++) {
                ports.add(
                        PLAINTEXT,
                        settings.basePort() == 0 ? PortLease.anyFree() : PortLease.of(settings.basePort() + i));
                ports.add(CONTROLLER, PortLease.anyFree());
                for (String listener : settings.listeners().keySet()) {
                    ports.add(listener, PortLease.anyFree());
                }
            }
            return ports;
        } catch (RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    /** The addresses of all nodes, as clients are configured with. */
    String bootstrapServers(String listener) {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(node -> advertisedAddress(node, listener))
                .collect(Collectors.joining(","));
    }

    /** Where the node listens. */
    String address(int node, String listener) {
        return HOST + ":" + port(node, listener);
    }

    /** Where the node tells clients to find it. */
    String advertisedAddress(int node, String listener) {
        DevListener secured = listeners.get(listener);
        String host = secured == null ? HOST : secured.advertisedHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port(node, listener);
    }

    private int port(int node, String listener) {
        return leases.getOrDefault(listener, List.of()).get(node - 1).port();
    }

    /** Where an old release finds its ZooKeeper: on the controller's port of node 1, which nobody else needs then. */
    String zooKeeperAddress() {
        return address(1, CONTROLLER);
    }

    @Override
    public void close() {
        leases.values().forEach(ofListener -> ofListener.forEach(PortLease::close));
        leases.clear();
    }

    private void add(String listener, PortLease lease) {
        leases.computeIfAbsent(listener, name -> new ArrayList<>()).add(lease);
    }
}
