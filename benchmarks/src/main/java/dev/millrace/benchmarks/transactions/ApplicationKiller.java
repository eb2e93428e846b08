package dev.millrace.benchmarks.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Runs the sending application, kills it ({@code kill -9}) at random points and starts it again, until it has ended by itself. */
final class ApplicationKiller {

    private final List<String> command;
    private final Path log;
    private final Duration pause;
    private final Random random;
    private int kills;

    /**
     * Kills after between half a pause and one and a half.
     *
     * @param arguments of the application
     * @param log gets what all its processes print
     */
    ApplicationKiller(List<String> arguments, Path log, Duration pause, long seed) {
        this.command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                SendingApplication.class.getName()));
        this.command.addAll(arguments);
        this.log = log;
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
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            try {
                long lifeMillis = pause.toMillis() / 2 + random.nextLong(Math.max(1, pause.toMillis()));
                if (application.waitFor(lifeMillis, TimeUnit.MILLISECONDS)) {
                    return application.exitValue();
                }
            } finally {
                application.destroyForcibly().waitFor();
            }
            kills++;
        }
        throw new IOException("the application is not done after " + limit.toSeconds() + " s and " + kills + " kills");
    }

    int kills() {
        return kills;
    }
}
