package dev.millrace.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C ends a run quickly and without a stack trace. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedTryItIT {
    private static final int INTERRUPTED = 130;

    /** A build in the background may ignore SIGINT, and its children with it. */
    private static final List<String> NOT_IGNORING = List.of("env", "--default-signal=INT");

    @ParameterizedTest
    @ValueSource(strings = {"--orders=10000000", "--nodes=3 --kill=true --seconds=60"})
    void endsQuietly(String arguments) throws Exception {
        assumeThat(isRunnable(NOT_IGNORING)).as("GNU env").isTrue();
        Process run = start(arguments.split(" ", -1));
        try {
            BufferedReader output = run.inputReader(UTF_8);
            String line = output.readLine();
            while (line != null && !line.startsWith("Sending orders to ")) {
                line = output.readLine();
            }
            assertThat(line).isNotNull();
            // Long enough to be in the middle of sending.
            assertThat(run.waitFor(2, TimeUnit.SECONDS)).isFalse();

            assertThat(new ProcessBuilder("kill", "-INT", Long.toString(run.pid()))
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(run.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(output.lines()).containsExactly("Interrupted: nothing was compared.");
            assertThat(run.exitValue()).isEqualTo(INTERRUPTED);
        } finally {
            run.descendants().forEach(ProcessHandle::destroyForcibly);
            run.destroyForcibly();
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(NOT_IGNORING);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                QuickstartApplication.class.getName(),
                "--try-it"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean isRunnable(List<String> prefix) throws InterruptedException {
        try {
            List<String> command = new ArrayList<>(prefix);
            command.add("true");
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException unknown) {
            return false;
        }
    }
}
