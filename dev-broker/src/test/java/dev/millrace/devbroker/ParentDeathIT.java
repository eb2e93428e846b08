package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The brokers end with the process that started them, however it ends. */
@Timeout(90)
class ParentDeathIT {
    private final Path temporary;
    private final List<ProcessHandle> started = new ArrayList<>();

    ParentDeathIT(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    @AfterEach
    void endWhatATestLeftBehind() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void brokersEndWhenTheirParentIsKilled() throws Exception {
        Process parent = startParent(Main.class, "--nodes", "1", "--topic", "orders:2");
        List<ProcessHandle> brokers = brokersOf(parent);

        parent.toHandle().destroyForcibly();

        awaitEnd(brokers);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(clusterDirectories()).isEmpty());
    }

    @Test
    void pausedBrokersEndWhenTheirParentIsKilled() throws Exception {
        Process parent = startParent(ParentThatPauses.class);
        List<ProcessHandle> brokers = brokersOf(parent);

        parent.toHandle().destroyForcibly();

        awaitEnd(brokers);
    }

    @Test
    void brokersEndWhenTheirParentIsInterrupted() throws Exception {
        Process parent = startParent(Main.class);
        List<ProcessHandle> brokers = brokersOf(parent);

        parent.toHandle().destroy();

        awaitEnd(brokers);
        assertThat(parent.waitFor()).isNotZero();
        assertThat(clusterDirectories()).isEmpty();
    }

    @Test
    void unclosedBrokersAndTheirDirectoryEndWithTheirParent() throws Exception {
        Process parent = startParent(ParentThatDoesNotClose.class);
        List<ProcessHandle> brokers = brokersOf(parent);

        parent.toHandle().destroy();

        awaitEnd(brokers);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(clusterDirectories()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "HUP"})
    void brokersOutliveASignalOfTheTerminal(String signal) throws Exception {
        Process parent = startParent(Main.class);
        List<ProcessHandle> brokers = brokersOf(parent);

        for (ProcessHandle broker : brokers) {
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(broker.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(5)).until(() -> brokers.stream()
                .allMatch(ProcessHandle::isAlive));
        parent.toHandle().destroyForcibly();
        awaitEnd(brokers);
    }

    /** Starts a program that starts a cluster and prints a line when it has done so. */
    private Process startParent(Class<?> program, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath(),
                program.getName()));
        command.addAll(List.of(args));
        Process parent = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(parent.toHandle());
        BufferedReader output = parent.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).startsWith("127.0.0.1:");
        return parent;
    }

    private List<ProcessHandle> brokersOf(Process parent) {
        List<ProcessHandle> brokers = parent.descendants().toList();
        started.addAll(brokers);
        assertThat(brokers).isNotEmpty().allMatch(ProcessHandle::isAlive);
        return brokers;
    }

    private static void awaitEnd(List<ProcessHandle> brokers) {
        await().atMost(Duration.ofSeconds(20)).until(() -> brokers.stream().noneMatch(ProcessHandle::isAlive));
    }

    private List<Path> clusterDirectories() throws Exception {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.filter(entry -> !entry.getFileName().toString().contains("ports"))
                    .filter(entry -> entry.getFileName().toString().startsWith("millrace-"))
                    .toList();
        }
    }

    private static String classPath() {
        String ofTests = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(ofTests).contains(File.pathSeparator);
        return ofTests;
    }

    /** A parent that leaves its cluster to the end of its process. */
    static final class ParentThatDoesNotClose {
        private ParentThatDoesNotClose() {}

        @SuppressWarnings("SystemOut") // the test reads the line
        public static void main(String[] args) throws InterruptedException {
            try (DevCluster cluster = DevCluster.builder().closeWithJvm(false).start()) {
                System.out.println(cluster.bootstrapServers());
                new java.util.concurrent.CountDownLatch(1).await();
            }
        }
    }

    /** A parent that dies with its broker frozen. */
    static final class ParentThatPauses {
        private ParentThatPauses() {}

        @SuppressWarnings("SystemOut") // the test reads the line
        public static void main(String[] args) throws InterruptedException {
            try (DevCluster cluster = DevCluster.builder().start()) {
                cluster.pause(1);
                System.out.println(cluster.bootstrapServers());
                new java.util.concurrent.CountDownLatch(1).await();
            }
        }
    }
}
