package dev.millrace.devbroker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what a {@link DevCluster} should be; every setting has a default that suits a test. */
public final class DevClusterBuilder {
    private static final Pattern LISTENER_NAME = Pattern.compile("[A-Z][A-Z0-9_]*");

    private final Map<String, DevListener> listeners = new LinkedHashMap<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private final Set<String> superUsers = new LinkedHashSet<>();
    private final Map<String, String> brokerSettings = new LinkedHashMap<>();
    private int nodes = 1;
    private int basePort;
    private int partitionsPerTopic = 4;
    private boolean autoCreateTopics = true;
    private boolean acls;
    private int heapMegabytes = 256;
    private List<String> jvmArguments = BrokerCommand.QUICK_START;
    private Duration startTimeout = Duration.ofSeconds(60);
    private @Nullable Path directory;
    private @Nullable Path classPathFile = BrokerRelease.chosenByProperty();
    private boolean closeWithJvm = true;

    DevClusterBuilder() {}

    /** Number of nodes, 1 to 9; default 1. Topics get a replica on each of up to three nodes. */
    public DevClusterBuilder nodes(int count) {
        require(count >= 1 && count <= 9, "nodes=" + count + " is not between 1 and 9");
        this.nodes = count;
        return this;
    }

    /** Port of node 1, with the other nodes on the ports after it; default: free ports. */
    public DevClusterBuilder basePort(int port) {
        require(port > 0 && port + 9 <= 65_535, "basePort=" + port + " is not between 1 and 65526");
        this.basePort = port;
        return this;
    }

    /** Partitions of a topic that is created without a number of its own; default 4. */
    public DevClusterBuilder partitionsPerTopic(int partitions) {
        require(partitions >= 1, "partitionsPerTopic=" + partitions + " is less than 1");
        this.partitionsPerTopic = partitions;
        return this;
    }

    /** Whether the first use of a topic creates it; default true. */
    public DevClusterBuilder autoCreateTopics(boolean create) {
        this.autoCreateTopics = create;
        return this;
    }

    /** Heap of each node in megabytes; default 256. */
    public DevClusterBuilder heap(int megabytes) {
        require(megabytes >= 64, "heap=" + megabytes + " MB is less than the 64 MB a broker needs to start");
        this.heapMegabytes = megabytes;
        return this;
    }

    /**
     * Replaces the arguments of the brokers' JVMs; default {@code -XX:+UseSerialGC -XX:TieredStopAtLevel=1}, which starts
     * quickly. Measurements of throughput want {@code -XX:+UseG1GC} instead.
     */
    public DevClusterBuilder jvmArguments(String... arguments) {
        this.jvmArguments = List.of(arguments);
        return this;
    }

    /** How long a node may take until it serves clients; default 60 s. */
    public DevClusterBuilder startTimeout(Duration timeout) {
        require(timeout.toMillis() > 0, "startTimeout=" + timeout + " is not positive");
        this.startTimeout = timeout;
        return this;
    }

    /** Keeps data and logs here, also after the cluster is closed; default: a temporary directory. */
    public DevClusterBuilder directory(Path path) {
        this.directory = path;
        return this;
    }

    /**
     * Runs another release of Kafka than the one on this JVM's class path, from 2.1 on. Releases before 3.9 get a ZooKeeper
     * beside the nodes. The system property {@code millrace.devbroker.class-path} is the default, so that tests run
     * against another release without a change.
     *
     * @param file its content is the class path of {@code kafka_2.13} of that release, as Maven's
     *     {@code dependency:build-classpath} writes it
     */
    public DevClusterBuilder classPathFile(Path file) {
        this.classPathFile = file;
        return this;
    }

    /**
     * Whether the cluster closes itself as soon as this JVM is told to end; default true. Shutdown hooks run at the same
     * time, so an application whose own hook still needs the cluster says false and closes it there. What is not closed
     * ends with the process of this JVM, temporary directory included.
     */
    public DevClusterBuilder closeWithJvm(boolean close) {
        this.closeWithJvm = close;
        return this;
    }

    /**
     * Adds a listener for clients on ports of its own, next to the plain one; its addresses are
     * {@link DevCluster#bootstrapServers(String)}. Certificates and users come as {@linkplain #brokerSetting broker
     * settings} with the prefix {@code listener.name.<name in lower case>.}; {@link #listener(String, DevListener)} brings
     * them along.
     *
     * @param name upper case, such as {@code SECURE}
     * @param securityProtocol {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}
     */
    public DevClusterBuilder listener(String name, String securityProtocol) {
        return listener(name, DevListener.ofProtocol(securityProtocol));
    }

    /**
     * Adds a listener for clients on ports of its own, secured as the listener says; its addresses are
     * {@link DevCluster#bootstrapServers(String)}, and {@link DevSecurity#clientSettings} is what a client needs.
     *
     * @param name upper case, such as {@code SECURE}
     */
    public DevClusterBuilder listener(String name, DevListener listener) {
        boolean isFree = !name.equals(ClusterPorts.PLAINTEXT) && !name.equals(ClusterPorts.CONTROLLER);
        require(
                isFree && LISTENER_NAME.matcher(name).matches(),
                "listener " + name + " must be upper case and neither PLAINTEXT nor CONTROLLER");
        listeners.put(name, listener);
        return this;
    }

    /**
     * A user of every listener with PLAIN or SCRAM; any characters will do. With SCRAM, {@link DevSecurity} adds, changes
     * and removes users while the cluster runs; the users of PLAIN are these.
     */
    public DevClusterBuilder user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /**
     * Switches access control on: a user may do nothing but what {@link DevSecurity#allow} says. The plain listener, whose
     * clients have no name, may do everything, and so may these users.
     *
     * @param principals such as {@code alice}, or {@code CN=alice} of a certificate without a mapping rule
     */
    public DevClusterBuilder acls(String... principals) {
        acls = true;
        superUsers.addAll(List.of(principals));
        return this;
    }

    /** A line of every node's {@code server.properties}; overrides our defaults. */
    public DevClusterBuilder brokerSetting(String name, String value) {
        require(
                !ServerProperties.OWNED.contains(name),
                "broker setting " + name + " is decided by the cluster; use nodes, basePort, directory or listener");
        brokerSettings.put(name, value);
        return this;
    }

    /** The release of Kafka the cluster will run, such as {@code 4.3.1}. */
    public String release() {
        return BrokerRelease.of(classPathFile).version();
    }

    /** A cluster that is not started yet. */
    public DevCluster build() {
        return new DevCluster(new ClusterSettings(
                nodes,
                basePort,
                partitionsPerTopic,
                autoCreateTopics,
                heapMegabytes,
                jvmArguments,
                startTimeout,
                directory,
                classPathFile,
                closeWithJvm,
                Map.copyOf(listeners),
                new ClusterAccess(Map.copyOf(users), acls, Set.copyOf(superUsers)),
                Map.copyOf(brokerSettings)));
    }

    /** {@link #build} and {@link DevCluster#start()}. */
    public DevCluster start() {
        return build().start();
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
