package dev.millrace.devbroker.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ends this JVM when its parent is gone, however the parent went.
 *
 * <p>Standard input is a pipe whose only writer is the parent. The operating system closes it with the parent, also
 * after {@code kill -9}, and also if the parent died before this thread started. Nothing is ever written to it.
 */
final class ParentWatch implements Runnable {
    /** Exit code of a broker that ended because its parent did. */
    static final int ORPHANED = 3;

    private final InputStream pipe;
    private final @Nullable Path deleteWhenOrphaned;

    private ParentWatch(InputStream pipe, @Nullable Path deleteWhenOrphaned) {
        this.pipe = pipe;
        this.deleteWhenOrphaned = deleteWhenOrphaned;
    }

    static void start(@Nullable Path deleteWhenOrphaned) {
        Thread watch = new Thread(new ParentWatch(System.in, deleteWhenOrphaned), "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    @Override
    @SuppressWarnings({"SystemOut", "CatchAndPrintStackTrace"}) // the broker's log file
    public void run() {
        try {
            awaitEndOfPipe();
            System.err.println("the process that started this broker is gone: the broker ends too");
            if (deleteWhenOrphaned != null) {
                delete(deleteWhenOrphaned);
            }
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }

    private void awaitEndOfPipe() throws IOException {
        int read;
        do {
            read = pipe.read();
        } while (read >= 0);
    }

    /** The node's directory, and the cluster's around it if this was the last node. */
    private static void delete(Path nodeDirectory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(nodeDirectory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
        try {
            Files.deleteIfExists(nodeDirectory.resolveSibling("cluster.id"));
            Files.deleteIfExists(nodeDirectory.toAbsolutePath().getParent());
        } catch (DirectoryNotEmptyException otherNodesAreLeft) {
            System.err.println("left for the other nodes: " + otherNodesAreLeft.getMessage());
        }
    }
}
