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

    static List<String> of(ClusterSettings settings, ClusterFiles files, List<Path> classPath, int node) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of(IGNORING_THE_TERMINAL.get(0)))) {
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
