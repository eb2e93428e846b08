package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.ProducerTemplate;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application that is told to end while it sends: nothing it had accepted is lost, and nothing stays behind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownIT {

    private static final Pattern CLOSED = Pattern.compile("closed: submitted=(\\d+) delivered=(\\d+) failed=0");

    @Test
    void deliversWhatWasSentBeforeTheBrokerStops() throws Exception {
        Process application = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        classPath(),
                        SendingApplication.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = application.inputReader(StandardCharsets.UTF_8)) {
            awaitLine(output, Pattern.compile("sending"));
            List<ProcessHandle> brokers = application.descendants().toList();
            assertThat(brokers).isNotEmpty();

            application.toHandle().destroy(); // SIGTERM; unlike Process.destroy it leaves the streams open
            Matcher closed = awaitLine(output, CLOSED);

            assertThat(Long.parseLong(closed.group(1))).isPositive().isEqualTo(Long.parseLong(closed.group(2)));
            assertThat(application.waitFor(20, TimeUnit.SECONDS)).isTrue();
            for (ProcessHandle broker : brokers) {
                broker.onExit().get(10, TimeUnit.SECONDS);
            }
        } finally {
            application.descendants().forEach(ProcessHandle::destroyForcibly);
            application.destroyForcibly();
        }
    }

    private static Matcher awaitLine(BufferedReader output, Pattern wanted) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append('\n');
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new AssertionError("no line with " + wanted + " in:\n" + seen);
    }

    private static String classPath() {
        String ofTests = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(ofTests).contains(File.pathSeparator);
        return ofTests;
    }

    /** Sends without pause from the first acknowledged record on, until its producer refuses. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({DevBrokerAutoConfiguration.class, ProducerAutoConfiguration.class})
    static class SendingApplication {

        @SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"}) // the test reads the line, and the close report
        public static void main(String[] args) {
            SpringApplication application = new SpringApplication(SendingApplication.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            application.setDefaultProperties(Map.of("logging.level.dev.millrace", "info"));
            ConfigurableApplicationContext context = application.run(args);
            @SuppressWarnings("unchecked")
            ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
            template.send("endings", "first").join();
            System.out.println("sending");
            try {
                for (int i = 0; ; i++) {
                    template.send("endings", "value-" + i);
                }
            } catch (IllegalStateException stopped) {
                System.out.println("stopped");
            }
        }
    }
}
