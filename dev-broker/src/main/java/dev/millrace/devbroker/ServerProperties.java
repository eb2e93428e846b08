package dev.millrace.devbroker;

import static dev.millrace.devbroker.ClusterPorts.CONTROLLER;
import static dev.millrace.devbroker.ClusterPorts.PLAINTEXT;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Renders the {@code server.properties} of a node: small and quick values, then the user's. */
final class ServerProperties {
    /** Settings that say who the node is and where it listens; the cluster alone decides them. */
    static final Set<String> OWNED = Set.of(
            "process.roles",
            "node.id",
            "broker.id",
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "controller.listener.names",
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "log.dir",
            "log.dirs",
            "metadata.log.dir",
            "zookeeper.connect");

    private ServerProperties() {}

    static Map<String, String> render(
            ClusterSettings settings, BrokerRelease release, ClusterPorts ports, int node, Path dataDirectory) {
        Map<String, String> properties = new TreeMap<>();
        addTopics(properties, settings);
        addSizes(properties);
        properties.put("inter.broker.listener.name", PLAINTEXT);
        // A killed node may not register again before its old session has ended: the default of 9 s would be the time
        // that every restart takes. Several nodes on a small machine need more patience with each other.
        properties.put("broker.session.timeout.ms", settings.nodes() == 1 ? "2000" : "4000");
        properties.put("broker.heartbeat.interval.ms", "250");
        properties.putAll(settings.brokerSettings());
        if (release.needsZooKeeper()) {
            addZooKeeper(properties, ports, node);
        } else {
            addQuorum(properties, settings, ports, node);
        }
        addListeners(properties, settings, release, ports, node);
        properties.put("log.dirs", dataDirectory.toString());
        return properties;
    }

    private static void addTopics(Map<String, String> properties, ClusterSettings settings) {
        String replicas = Integer.toString(Math.min(settings.nodes(), 3));
        String minInSync = settings.nodes() < 3 ? "1" : "2";
        properties.put("num.partitions", Integer.toString(settings.partitionsPerTopic()));
        properties.put("auto.create.topics.enable", Boolean.toString(settings.autoCreateTopics()));
        properties.put("default.replication.factor", replicas);
        properties.put("min.insync.replicas", minInSync);
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("offsets.topic.replication.factor", replicas);
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", replicas);
        properties.put("transaction.state.log.min.isr", minInSync);
        properties.put("share.coordinator.state.topic.num.partitions", "1");
        properties.put("share.coordinator.state.topic.replication.factor", replicas);
        properties.put("share.coordinator.state.topic.min.isr", minInSync);
        properties.put("group.initial.rebalance.delay.ms", "0");
    }

    private static void addSizes(Map<String, String> properties) {
        // The default is 128 MiB, allocated at start: half of the heap a development broker needs.
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("background.threads", "4");
    }

    /** As a member of the KRaft quorum. */
    private static void addQuorum(
            Map<String, String> properties, ClusterSettings settings, ClusterPorts ports, int node) {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(node));
        properties.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, settings.nodes())
                        .mapToObj(voter -> voter + "@" + ports.address(voter, CONTROLLER))
                        .collect(Collectors.joining(",")));
        properties.put("controller.listener.names", CONTROLLER);
    }

    /** As a broker before KRaft. */
    private static void addZooKeeper(Map<String, String> properties, ClusterPorts ports, int node) {
        properties.put("broker.id", Integer.toString(node));
        properties.put("zookeeper.connect", ports.zooKeeperAddress());
        // As the session above: what a killed node must wait for.
        properties.put("zookeeper.session.timeout.ms", "4000");
    }

    private static void addListeners(
            Map<String, String> properties,
            ClusterSettings settings,
            BrokerRelease release,
            ClusterPorts ports,
            int node) {
        List<String> clientListeners = new ArrayList<>(List.of(PLAINTEXT));
        clientListeners.addAll(settings.listeners().keySet());
        String bound = clientListeners.stream()
                .map(listener -> listener + "://" + ports.address(node, listener))
                .collect(Collectors.joining(","));
        String advertised = clientListeners.stream()
                .map(listener -> listener + "://" + ports.advertisedAddress(node, listener))
                .collect(Collectors.joining(","));
        String controller = release.needsZooKeeper() ? "" : "," + CONTROLLER + "://" + ports.address(node, CONTROLLER);
        String protocols = settings.listeners().entrySet().stream()
                .map(listener ->
                        "," + listener.getKey() + ":" + listener.getValue().protocol())
                .collect(Collectors.joining());
        properties.put("listeners", bound + controller);
        properties.put("advertised.listeners", advertised);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT" + protocols);
    }
}
