package dev.millrace.devbroker;

import dev.millrace.devbroker.child.BrokerMain;
import dev.millrace.devbroker.child.FileLogging;
import dev.millrace.devbroker.child.ProgramMain;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a broker's JVM. */
final class BrokerCommand {
    /** A development broker lives briefly and holds little: quick to start beats fast in the long run. */
    static final List<String> QUICK_START = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /**
     * Starts the command in its arguments with SIGINT and SIGHUP ignored.
     *
     * <p>Ctrl-C reaches every process of the terminal's foreground group, so it would end the brokers before their parent
     * has delivered what it still has; whether and when they end is up to the parent alone. A JVM that starts with one of
     * these signals ignored leaves it ignored, whatever handlers are registered in it later, and it is ignored from the
     * first instant, not only when {@code main} runs. {@code exec} keeps the process id and standard input, which is the
     * pipe to the parent. Unlike {@code setsid}, a shell is on every POSIX system.
     */
    private static final List<String> IGNORING_THE_TERMINAL =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "broker");

    private BrokerCommand() {}

    /** The command of a node. */
    static List<String> ofNode(
            ClusterSettings settings, ClusterFiles files, BrokerRelease release, ClusterPorts ports, int node) {
        Path directory = files.node(node);
        if (release.needsZooKeeper()) {
            List<String> command = javaOf(settings, release);
            command.addAll(programIn(directory, files, ports.address(node, ClusterPorts.PLAINTEXT)));
            command.addAll(List.of("kafka.Kafka", files.serverProperties(node).toString()));
            return command;
        }
        List<String> command = javaOf(settings, release);
        command.add(BrokerMain.class.getName());
        command.add(directory.toString());
        command.add(BrokerNode.readyFile(directory).toString());
        command.add(files.clusterId());
        if (files.areTemporary()) {
            command.add(directory.toString());
        }
        return command;
    }

    /** The command of the ZooKeeper of a release that needs one. */
    static List<String> ofZooKeeper(
            ClusterSettings settings, ClusterFiles files, BrokerRelease release, ClusterPorts ports) {
        List<String> command = javaOf(settings, release);
        command.addAll(programIn(files.zooKeeper(), files, ports.zooKeeperAddress()));
        command.add("org.apache.zookeeper.server.quorum.QuorumPeerMain");
        command.add(files.zooKeeperConfig().toString());
        return command;
    }

    private static List<String> javaOf(ClusterSettings settings, BrokerRelease release) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of(IGNORING_THE_TERMINAL.get(0)))) {
            command.addAll(IGNORING_THE_TERMINAL);
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + settings.heapMegabytes() + "m");
        command.addAll(settings.jvmArguments());
        String tokenServers = settings.listeners().values().stream()
                .flatMap(listener -> listener.tokenServer().stream())
                .map(server -> server.keysEndpoint().toString())
                .collect(Collectors.joining(","));
        if (!tokenServers.isEmpty()) {
            // Since 4.0 a broker asks no address that is not on this list.
            command.add("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + tokenServers);
        }
        command.add("-Djava.awt.headless=true");
        command.add("-Dslf4j.provider=" + FileLogging.class.getName());
        command.add("-Dslf4j.internal.verbosity=WARN");
        if (release.needsZooKeeper()) {
            command.add("-Dzookeeper.jmx.log4j.disable=true"); // it would look for a logger in our provider
        }
        command.add("-cp");
        command.add(release.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        return command;
    }

    private static List<String> programIn(Path directory, ClusterFiles files, String address) {
        int colon = address.lastIndexOf(':');
        return List.of(
                ProgramMain.class.getName(),
                BrokerNode.readyFile(directory).toString(),
                files.areTemporary() ? directory.toString() : "",
                address.substring(0, colon),
                address.substring(colon + 1));
    }
}
