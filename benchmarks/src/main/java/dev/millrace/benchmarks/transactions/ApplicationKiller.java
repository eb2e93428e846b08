package dev.millrace.benchmarks.transactions;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Runs the sending application, kills it ({@code kill -9}) at random points and starts it again, until it has ended by itself. */
final class ApplicationKiller {

    private static final String LOG = "application.log";

    private final List<String> command;
    private final Path directory;
    private final Duration pause;
    private final Random random;
    private int kills;

    /**
     * A life takes between half a pause and one and a half.
     *
     * @param arguments of the application
     * @param directory has its journals, and gets what all its processes print
     */
    ApplicationKiller(List<String> arguments, Path directory, Duration pause, long seed) {
        this.command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                SendingApplication.class.getName()));
        this.command.addAll(arguments);
        this.directory = directory;
        this.pause = pause;
        this.random = new Random(seed);
    }

    /**
     * Returns when the application has sent everything.
     *
     * @return its exit code
     * @throws IOException if it is not done at the deadline
     */
    int runToTheEnd(Duration limit) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - deadlineNanos < 0) {
            Process application = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(LOG).toFile()))
                    .start();
            try {
                if (livesToItsEnd(application)) {
                    return application.exitValue();
                }
            } finally {
                application.destroyForcibly().waitFor();
            }
            kills++;
        }
        throw new IOException("the application is not done after " + limit.toSeconds() + " s and " + kills + " kills");
    }

    /** What the application has printed. */
    String log() throws IOException {
        return Files.readString(directory.resolve(LOG));
    }

    int kills() {
        return kills;
    }

    /**
     * Most lives are counted from their first transaction, however long a busy machine takes until then; every third from the
     * start of the process, so that it also dies while it initialises its producers.
     */
    private boolean livesToItsEnd(Process application) throws IOException, InterruptedException {
        long pauseMillis = pause.toMillis();
        if (kills % 3 == 2) {
            return application.waitFor(random.nextLong(pauseMillis), TimeUnit.MILLISECONDS);
        }
        long before = journalBytes();
        while (journalBytes() == before) {
            if (application.waitFor(50, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return application.waitFor(pauseMillis / 2 + random.nextLong(pauseMillis), TimeUnit.MILLISECONDS);
    }

    private long journalBytes() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> journals = Files.newDirectoryStream(directory, "*.journal")) {
            for (Path journal : journals) {
                bytes += Files.size(journal);
            }
        }
        return bytes;
    }
}
