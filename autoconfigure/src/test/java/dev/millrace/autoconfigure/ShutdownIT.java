package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millrace.spring.ProducerTemplate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** An application with the development broker is told to end while it sends: the broker goes last. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownIT {

    private static final int SECONDS_TO_END = 15;
    private static final int TERMINATED = 143;
    private static final int INTERRUPTED = 130;

    /** A session of its own is a process group of its own; a build in the background may ignore SIGINT. */
    private static final List<String> OWN_GROUP = List.of("setsid", "env", "--default-signal=INT");

    private final Path temporary;
    private final List<ProcessHandle> started = new ArrayList<>();

    ShutdownIT(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    @AfterEach
    void endWhatATestLeftBehind() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void deliversEverythingWhenItIsTerminated() throws Exception {
        Process application = start(List.of());
        List<ProcessHandle> brokers = awaitSending(application);

        application.toHandle().destroy();

        assertEndedInOrder(application, TERMINATED, brokers);
    }

    @Test
    void deliversEverythingWhenTheTerminalInterruptsTheWholeGroup() throws Exception {
        assumeThat(isRunnable(OWN_GROUP)).as("setsid and GNU env").isTrue();
        Process application = start(OWN_GROUP);
        List<ProcessHandle> brokers = awaitSending(application);

        assertThat(new ProcessBuilder("kill", "-INT", "--", "-" + application.pid())
                        .start()
                        .waitFor())
                .isZero();

        assertEndedInOrder(application, INTERRUPTED, brokers);
    }

    private void assertEndedInOrder(Process application, int exitCode, List<ProcessHandle> brokers) throws Exception {
        boolean hasEnded = application.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
        application.toHandle().destroyForcibly();
        String output = application.inputReader(UTF_8).lines().collect(Collectors.joining("\n"));
        assertThat(hasEnded).as("ended; its output:%n%s", output).isTrue();
        assertThat(output)
                .containsPattern("closed: submitted=([1-9]\\d*) delivered=\\1 failed=0")
                .doesNotContain("undelivered", " WARN ");
        assertThat(output.lines().filter(line -> line.contains(" ERROR ")))
                .as("the one record that came too late")
                .allMatch(line -> line.endsWith("'producerFactory' is stopped topic=orders partition=? retriable=false"
                        + " mayHaveBeenWritten=false"))
                .hasSizeLessThan(2);
        assertThat(application.exitValue()).isEqualTo(exitCode);
        assertThat(brokers).noneMatch(ProcessHandle::isAlive);
        assertThat(clusterDirectories()).isEmpty();
    }

    private Process start(List<String> prefix) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Djava.io.tmpdir=" + temporary,
                "-Dspring.docker.compose.enabled=false", // its library is there, for other tests
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SendingApplication.class.getName()));
        Process application =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(application.toHandle());
        return application;
    }

    /** Returns the application's brokers when it sends. */
    private List<ProcessHandle> awaitSending(Process application) throws IOException {
        BufferedReader answer = application.inputReader(UTF_8);
        List<String> output = new ArrayList<>();
        for (String line = answer.readLine(); line != null; line = answer.readLine()) {
            output.add(line);
            if (line.equals(SendingApplication.SENDING)) {
                break;
            }
        }
        assertThat(output).contains(SendingApplication.SENDING);
        List<ProcessHandle> brokers = application.descendants().toList();
        started.addAll(brokers);
        assertThat(brokers).hasSize(1).allMatch(ProcessHandle::isAlive);
        return brokers;
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

    private List<String> clusterDirectories() throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith("millrace-dev-broker-"))
                    .filter(name -> !name.contains("ports"))
                    .collect(Collectors.toList());
        }
    }

    /** Sends without end, more often than batches leave: there is always something left to deliver. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({DevBrokerAutoConfiguration.class, ProducerAutoConfiguration.class})
    static class SendingApplication {

        static final String SENDING = "sending";

        @SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"}) // the test reads the line; fire and forget
        public static void main(String[] args) {
            SpringApplication application = new SpringApplication(SendingApplication.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            ProducerTemplate<String, String> template =
                    template(application.run("--app.producer.linger=200ms", "--app.producer.client-id=test"));
            template.send("orders", "first").join();
            System.out.println(SENDING);
            while (!template.send("orders", "value").isCompletedExceptionally()) { // it is stopped, as the JVM ends
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
            }
        }

        @SuppressWarnings("unchecked") // the default serializers take text
        private static ProducerTemplate<String, String> template(
                org.springframework.context.ApplicationContext context) {
            return context.getBean(ProducerTemplate.class);
        }
    }
}
