package dev.millrace.benchmarks.suite;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which processors the processes may use: one for the candidate, another one for the sink, where taskset is installed. */
final class Processors {

    private final boolean isPinned;

    Processors(boolean wanted) {
        isPinned = wanted && Runtime.getRuntime().availableProcessors() > 1 && hasTaskset();
    }

    /** What comes before the command of the process under measurement. */
    List<String> forCandidate() {
        return isPinned ? List.of("taskset", "-c", "0") : List.of();
    }

    /** What comes before the sink's command. */
    List<String> forSink() {
        return isPinned ? List.of("taskset", "-c", "1") : List.of();
    }

    boolean isPinned() {
        return isPinned;
    }

    private static boolean hasTaskset() {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator, -1)).stream()
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "taskset")));
    }
}
