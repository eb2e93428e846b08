package dev.millrace.producer.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the source says {@code synchronized}. A caller that may wait uses a {@code ReentrantLock}: on Java 21 to 23 a
 * virtual thread that waits inside a monitor pins its carrier. Byte code does not tell blocks from methods, so this reads
 * the source.
 */
final class Monitors {

    /** The files that may, and why nobody waits there. */
    private static final Map<String, String> LISTED = Map.of(
            "ProducerBatch", "a list of tickets; the monitor is held for a few list operations",
            "Refusals", "a count and a flag; the monitor is held for an increment and a hand-over to the delivery",
            "WaitingRoom", "a list of questions; the monitor is held for a walk through it",
            "SharedCluster", "the map of open clusters; opening one does no I/O");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final Pattern MONITOR = Pattern.compile("\\bsynchronized\\b");

    private Monitors() {}

    /** Files below the directory that synchronize without being listed. */
    static Set<String> unlisted(Path directory) throws IOException {
        Set<String> names = synchronizing(directory);
        names.removeAll(LISTED.keySet());
        return names;
    }

    /** Listed files that do not synchronize. */
    static Set<String> stale(Path directory) throws IOException {
        Set<String> names = new TreeSet<>(LISTED.keySet());
        names.removeAll(synchronizing(directory));
        return names;
    }

    private static Set<String> synchronizing(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            for (Path source : sources) {
                String code = COMMENT.matcher(Files.readString(source)).replaceAll("");
                if (MONITOR.matcher(code).find()) {
                    names.add(String.valueOf(source.getFileName()).replace(".java", ""));
                }
            }
        }
        return names;
    }
}
