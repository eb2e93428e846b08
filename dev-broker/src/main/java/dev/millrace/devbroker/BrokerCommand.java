package dev.millrace.devbroker;

import dev.millrace.devbroker.child.BrokerMain;
import dev.millrace.devbroker.child.FileLogging;
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
     * A terminal's Ctrl-C reaches every process of the group, but when a broker ends is its parent's business: the parent
     * may still deliver to it. A JVM that finds these signals ignored when it starts leaves them ignored.
     */
    private static final List<String> IGNORING_THE_TERMINAL =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private BrokerCommand() {}

    static List<String> of(ClusterSettings settings, ClusterFiles files, List<Path> classPath, int node) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/bin/sh"))) {
            command.addAll(IGNORING_THE_TERMINAL);
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + settings.heapMegabytes() + "m");
        command.addAll(settings.jvmArguments());
        command.add("-Djava.awt.headless=true");
        command.add("-Dslf4j.provider=" + FileLogging.class.getName());
        command.add("-Dslf4j.internal.verbosity=WARN");
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(BrokerMain.class.getName());
        Path directory = files.node(node);
        command.add(directory.toString());
        command.add(BrokerNode.readyFile(directory).toString());
        command.add(files.clusterId());
        if (files.areTemporary()) {
            command.add(directory.toString());
        }
        return command;
    }
}
