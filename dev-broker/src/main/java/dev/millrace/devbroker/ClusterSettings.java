package dev.millrace.devbroker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster is started with.
 *
 * @param basePort port of the first node, or 0 for free ports
 * @param directory where the nodes keep their data, or {@code null} for a temporary directory
 * @param classPathFile holds the class path of the release to run, or {@code null} for the one on this JVM's
 * @param closeWithJvm whether the cluster closes itself when this JVM is told to end
 * @param listeners the additional listeners for clients by name
 * @param access who may log in and do what
 * @param brokerSettings settings that override ours
 */
record ClusterSettings(
        int nodes,
        int basePort,
        int partitionsPerTopic,
        boolean autoCreateTopics,
        int heapMegabytes,
        List<String> jvmArguments,
        Duration startTimeout,
        @Nullable Path directory,
        @Nullable Path classPathFile,
        boolean closeWithJvm,
        Map<String, DevListener> listeners,
        ClusterAccess access,
        Map<String, String> brokerSettings) {}
