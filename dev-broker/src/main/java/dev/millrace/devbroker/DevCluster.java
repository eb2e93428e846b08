package dev.millrace.devbroker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka cluster on loopback: one child JVM per node, each broker and controller at once. It runs the release of Kafka
 * that is on the class path, or {@linkplain DevClusterBuilder#classPathFile another}.
 *
 * <pre>{@code
 * try (DevCluster cluster = DevCluster.builder().nodes(3).start()) {
 *     cluster.createTopic("orders", 6, 3, Map.of());
 *     connectTo(cluster.bootstrapServers());
 *     cluster.kill(2);
 * }
 * }</pre>
 *
 * <p>Nodes are numbered from 1. The brokers end with this JVM, also when it is killed, and only with it: a terminal's
 * Ctrl-C, which reaches them as well, does not end them. All methods may be called by any
 * thread; one that starts or stops a node makes other callers wait, except {@link #kill} and {@link #close}, which act
 * at once.
 */
public final class DevCluster implements AutoCloseable {
    private static final int START_ATTEMPTS = 3;
    private static final int SESSION_ATTEMPTS = 5;
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

    private final ClusterSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread closeOnExit = new Thread(this::closeOnce, "dev-broker-close");

    // Set by the first start, under the lock.
    private volatile @Nullable ClusterPorts ports;
    private volatile @Nullable ClusterFiles files;
    private volatile @Nullable BrokerRelease release;
    private volatile List<BrokerNode> zooKeepers = List.of(); // one, for releases that need it
    private volatile List<BrokerNode> nodes = List.of();

    private volatile boolean closed;

    DevCluster(ClusterSettings settings) {
        this.settings = settings;
    }

    /** A cluster of one node with free ports, a temporary directory and topics that come by themselves. */
    public static DevClusterBuilder builder() {
        return new DevClusterBuilder();
    }

    /**
     * Starts every node that is not running and returns when all serve clients.
     *
     * @throws DevClusterException with the end of the node's log, if one does not start
     */
    public DevCluster start() {
        lock.lock();
        try {
            requireOpen();
            if (nodes.isEmpty()) {
                firstStart();
            } else {
                startTogether(nodes.stream().filter(node -> !node.isRunning()).toList())
                        .ifPresent(failure -> {
                            throw failure.toException();
                        });
            }
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** Starts one node on its old port with its old data; does nothing if it is running. */
    public void start(int nodeId) {
        withNode(nodeId, node -> {
            if (!node.isRunning()) {
                startTogether(List.of(node)).ifPresent(failure -> {
                    throw failure.toException();
                });
            }
        });
    }

    /** Shuts a node down in order (it hands its leaderships over first), and kills it if that takes over 30 s. */
    public void stop(int nodeId) {
        withNode(nodeId, BrokerNode::stop);
    }

    /** {@link #stop} and {@link #start(int)}. */
    public void restart(int nodeId) {
        withNode(nodeId, node -> {
            node.stop();
            start(nodeId);
        });
    }

    /** Kills a node as {@code kill -9} does; what it had in memory is lost, what it had written is not. */
    public void kill(int nodeId) {
        node(nodeId).kill();
    }

    /** Freezes a node: it stays connected and answers nothing, as a machine that hangs. POSIX systems only. */
    public void pause(int nodeId) {
        withNode(nodeId, BrokerNode::pause);
    }

    /** Lets a paused node go on. */
    public void resume(int nodeId) {
        withNode(nodeId, BrokerNode::resume);
    }

    /** Whether the node's process exists; a paused node is running. */
    public boolean isRunning(int nodeId) {
        return node(nodeId).isRunning();
    }

    /** Addresses of all nodes, running or not: {@code 127.0.0.1:20123,127.0.0.1:20456}. */
    public String bootstrapServers() {
        return ports().bootstrapServers(ClusterPorts.PLAINTEXT);
    }

    /** Addresses of all nodes on a listener added by {@link DevClusterBuilder#listener}. */
    public String bootstrapServers(String listener) {
        if (!settings.listeners().containsKey(listener)) {
            throw new IllegalArgumentException("unknown listener: " + listener + "; this cluster has PLAINTEXT and "
                    + settings.listeners().keySet());
        }
        return ports().bootstrapServers(listener);
    }

    /** Users, permissions and certificates of the running nodes, for change while clients are connected. */
    public DevSecurity security() {
        ClusterPorts current = ports();
        return new DevSecurity(
                settings,
                current,
                Objects.requireNonNull(files, "set before the ports"),
                Objects.requireNonNull(release, "set before the ports"),
                responsiveNodes(),
                this::admin);
    }

    /** Number of nodes; their ids are 1 to this. */
    public int nodes() {
        return settings.nodes();
    }

    /** The release of Kafka the nodes run, such as {@code 4.3.1}. */
    public String release() {
        ports();
        return Objects.requireNonNull(release, "set with the ports").version();
    }

    /** The log of a node's process. */
    public Path logFile(int nodeId) {
        return node(nodeId).logFile();
    }

    /**
     * Creates a topic and returns when all its partitions have a leader.
     *
     * @param replicationFactor at most the number of running nodes
     * @param configs topic settings such as {@code cleanup.policy}, may be empty
     */
    public void createTopic(String name, int partitions, int replicationFactor, Map<String, String> configs) {
        NewTopic topic = new NewTopic(name, partitions, (short) replicationFactor).configs(configs);
        try (ClusterAdmin admin = admin(ADMIN_TIMEOUT)) {
            admin.createTopic(topic);
        }
    }

    /** Deletes a topic and returns when the cluster no longer lists it. */
    public void deleteTopic(String name) {
        try (ClusterAdmin admin = admin(ADMIN_TIMEOUT)) {
            admin.deleteTopic(name);
        }
    }

    /**
     * Waits until the cluster agrees with reality: it counts every node that runs and none that was killed or paused.
     *
     * @throws DevClusterException if that takes longer than {@code timeout}
     */
    public void awaitReady(Duration timeout) {
        try (ClusterAdmin admin = admin(timeout)) {
            admin.awaitNodes(responsiveNodes());
        }
    }

    /** Kills all nodes and deletes the temporary directory; a directory of the caller's is kept. */
    @Override
    public void close() {
        if (closeOnce() && settings.closeWithJvm()) {
            try {
                Runtime.getRuntime().removeShutdownHook(closeOnExit);
            } catch (IllegalStateException shuttingDown) {
                // The hook runs or has run; it finds a closed cluster and does nothing.
                return;
            }
        }
    }

    @Override
    public String toString() {
        ClusterPorts current = ports;
        return "DevCluster[nodes=" + settings.nodes() + " "
                + (closed
                        ? "closed"
                        : current == null ? "not started" : current.bootstrapServers(ClusterPorts.PLAINTEXT))
                + "]";
    }

    /** The first start of all nodes; a port lost to another process in between is a reason to try others. */
    private void firstStart() {
        if (settings.closeWithJvm()) {
            Runtime.getRuntime().addShutdownHook(closeOnExit);
        }
        try {
            files = ClusterFiles.in(settings.directory());
            for (int attempt = 1; ; attempt++) {
                prepareNodes(files);
                Optional<StartFailure> failure = startTogether(zooKeepers).or(() -> startTogether(nodes));
                if (failure.isEmpty()) {
                    security().createUsers();
                    return;
                }
                killAll();
                boolean otherPortsMayHelp = failure.get().isBindConflict() && settings.basePort() == 0;
                if (!otherPortsMayHelp || attempt == START_ATTEMPTS || closed) {
                    throw failure.get().toException();
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void prepareNodes(ClusterFiles directory) {
        BrokerRelease chosen = BrokerRelease.of(settings.classPathFile());
        release = chosen;
        ClusterPorts taken = ports;
        ports = ClusterPorts.lease(settings);
        if (taken != null) {
            taken.close();
        }
        Map<String, String> security = SecurityProperties.render(settings, chosen, directory);
        List<BrokerNode> prepared = new ArrayList<>();
        for (int id = 1; id <= settings.nodes(); id++) {
            Map<String, String> properties = ServerProperties.render(settings, chosen, ports(), id, directory.data(id));
            security.forEach(properties::putIfAbsent);
            directory.writeServerProperties(id, properties);
            List<String> command = BrokerCommand.ofNode(settings, directory, chosen, ports(), id);
            prepared.add(new BrokerNode(id, directory.node(id), command));
        }
        if (chosen.needsZooKeeper()) {
            Path data = directory.zooKeeper().resolve("data");
            directory.writeZooKeeperConfig(BrokerRelease.zooKeeperProperties(data, ports().zooKeeperAddress()));
            List<String> command = BrokerCommand.ofZooKeeper(settings, directory, chosen, ports());
            zooKeepers = List.of(new BrokerNode(0, directory.zooKeeper(), command));
        }
        nodes = List.copyOf(prepared);
    }

    /** Launches all before it waits for any: nodes of a new cluster need each other to become ready. */
    private Optional<StartFailure> startTogether(List<BrokerNode> stopped) {
        stopped.forEach(BrokerNode::launch);
        return stopped.stream().map(this::awaitReady).filter(Objects::nonNull).findFirst();
    }

    private @Nullable StartFailure awaitReady(BrokerNode node) {
        StartFailure failure = node.awaitReady(settings.startTimeout());
        for (int attempt = 1; attempt < SESSION_ATTEMPTS && failure != null && failure.isOldSession(); attempt++) {
            node.launch();
            failure = node.awaitReady(settings.startTimeout());
        }
        return failure;
    }

    private void killAll() {
        nodes.forEach(BrokerNode::kill);
        zooKeepers.forEach(BrokerNode::kill);
    }

    /** Kills first and asks for the lock then, so that a start in progress ends instead of being waited for. */
    private boolean closeOnce() {
        closed = true;
        killAll();
        lock.lock();
        try {
            boolean wasStarted = files != null;
            killAll();
            if (ports != null) {
                ports.close();
            }
            if (files != null) {
                files.deleteIfTemporary();
            }
            return wasStarted;
        } finally {
            lock.unlock();
        }
    }

    private ClusterAdmin admin(Duration timeout) {
        String addresses = responsiveNodes().stream()
                .map(id -> ports().address(id, ClusterPorts.PLAINTEXT))
                .collect(Collectors.joining(","));
        if (addresses.isEmpty()) {
            throw new IllegalStateException("no node is running; start one first");
        }
        return new ClusterAdmin(addresses, timeout);
    }

    private Set<Integer> responsiveNodes() {
        return nodes.stream()
                .filter(node -> node.isRunning() && !node.isPaused())
                .map(BrokerNode::id)
                .collect(Collectors.toSet());
    }

    private void withNode(int nodeId, Consumer<BrokerNode> change) {
        BrokerNode node = node(nodeId);
        lock.lock();
        try {
            requireOpen();
            change.accept(node);
        } finally {
            lock.unlock();
        }
    }

    private BrokerNode node(int nodeId) {
        ports();
        if (nodeId < 1 || nodeId > nodes.size()) {
            throw new IllegalArgumentException("no node " + nodeId + "; nodes are 1 to " + nodes.size());
        }
        return nodes.get(nodeId - 1);
    }

    private ClusterPorts ports() {
        requireOpen();
        ClusterPorts current = ports;
        if (current == null) {
            throw new IllegalStateException("the cluster was not started; call start() first");
        }
        return current;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the cluster is closed; build a new one");
        }
    }
}
