package dev.millrace.devbroker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One broker process and its directory.
 *
 * <p>{@link DevCluster} lets one thread at a time change a node; only {@link #kill} may come at any moment.
 */
final class BrokerNode {
    /** How long a broker may take to shut down in order before it is killed. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private static final int SHOWN_LOG_LINES = 25;
    private static final int POLL_MILLIS = 20;

    /** Options for the developer's JVM (a debugger's port, an agent) must not reach the broker's. */
    private static final List<String> HIDDEN_ENVIRONMENT =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    private final int id;
    private final Path directory;
    private final List<String> command;

    private volatile @Nullable Process process;
    private volatile @Nullable PausedProcess paused;

    BrokerNode(int id, Path directory, List<String> command) {
        this.id = id;
        this.directory = directory;
        this.command = command;
    }

    static Path readyFile(Path directory) {
        return directory.resolve("ready");
    }

    int id() {
        return id;
    }

    Path logFile() {
        return directory.resolve("broker.log");
    }

    boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    boolean isPaused() {
        return paused != null && isRunning();
    }

    /** Starts the process; {@link #awaitReady} waits for the broker in it. */
    void launch() {
        try {
            Files.deleteIfExists(readyFile(directory));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
            Map<String, String> environment = builder.environment();
            HIDDEN_ENVIRONMENT.forEach(environment::remove);
            process = builder.start();
        } catch (IOException e) {
            throw new DevClusterException(
                    "broker process could not be started: node=" + id + " command=" + command.get(0), e);
        }
    }

    /** Waits until the broker serves clients; returns why it does not, or {@code null} when it does. */
    @Nullable StartFailure awaitReady(Duration timeout) {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("node " + id + " was never launched");
        }
        long startNanos = System.nanoTime();
        try {
            while (!Files.exists(readyFile(directory))) {
                if (current.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return StartFailure.ended(id, current.exitValue(), lastLogLines());
                }
                if (System.nanoTime() - startNanos > timeout.toNanos()) {
                    kill();
                    return StartFailure.silent(id, timeout, lastLogLines());
                }
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new DevClusterException("interrupted while node " + id + " was starting; the node was killed", e);
        }
    }

    /** SIGKILL, now. */
    void kill() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
            current.onExit().join();
        }
        if (paused != null) {
            resume();
        }
    }

    /** SIGTERM, and SIGKILL if the broker does not end in time. */
    void stop() {
        if (paused != null) {
            resume();
        }
        Process current = process;
        if (current == null) {
            return;
        }
        // The handle's destroy leaves the broker's standard input open; the end of that means the parent died.
        current.toHandle().destroy();
        try {
            if (!current.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new DevClusterException("interrupted while node " + id + " was stopping; the node was killed", e);
        }
    }

    void pause() {
        Process current = process;
        if (current == null || !current.isAlive()) {
            throw new IllegalStateException("node " + id + " is not running, so it cannot be paused; start it first");
        }
        if (paused == null) {
            paused = PausedProcess.pause(current.pid());
        }
    }

    void resume() {
        PausedProcess current = paused;
        if (current != null) {
            paused = null;
            current.resume();
        }
    }

    private List<String> lastLogLines() {
        return LogTail.read(logFile(), SHOWN_LOG_LINES);
    }
}
