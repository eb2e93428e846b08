package dev.millrace.samples.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;

/**
 * The shop as Boot's build plugins process it, started with {@code spring.aot.enabled}: it sends and commits, with a prefix that
 * only the run knows. A native image is made of the same classes and hints.
 */
@Timeout(240)
class AheadOfTimeIT {

    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

    @Test
    void sendsAndCommits(@TempDir Path directory) throws Exception {
        Path classes = processed(directory);
        try (DevCluster cluster = DevCluster.builder().start()) {
            Process shop = java(
                    directory.resolve("shop.log"),
                    "-Dspring.aot.enabled=true",
                    "-cp",
                    classes + File.pathSeparator + directory.resolve("resources") + File.pathSeparator + CLASS_PATH,
                    TransactionsApplication.class.getName(),
                    "--server.port=0",
                    "--logging.level.root=info",
                    "--app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                    "--app.producer.transaction.id-prefix=of-the-run-");
            try {
                String port = port(shop, directory.resolve("shop.log"));
                assertThat(place(port, "SUCCESS"))
                        .contains("\"told\":\"placed: order 1\"", "\"payments\":[\"payment of ada for order 1\"]");
                assertThat(place(port, "BUSINESS_FAILURE"))
                        .contains("\"told\":\"refused: ada", "\"payments\":[\"payment of ada for order 1\"]");
            } finally {
                shop.destroy();
            }
            assertThat(shop.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(directory.resolve("shop.log"))
                    .content()
                    .contains("Starting AOT-processed TransactionsApplication", "of-the-run-0");
        }
    }

    /** The directory of the classes the build adds. */
    private static Path processed(Path directory) throws IOException, InterruptedException {
        Path sources = directory.resolve("sources");
        Path classes = directory.resolve("classes");
        Process processor = java(
                directory.resolve("build.log"),
                "-cp",
                CLASS_PATH,
                SpringApplicationAotProcessor.class.getName(),
                TransactionsApplication.class.getName(),
                sources.toString(),
                directory.resolve("resources").toString(),
                classes.toString(),
                "dev.millrace",
                "millrace-sample-transactions");
        assertThat(processor.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(processor.exitValue())
                .as(Files.readString(directory.resolve("build.log")))
                .isZero();
        List<String> arguments = new ArrayList<>(List.of("-nowarn", "-d", classes.toString(), "-cp", CLASS_PATH));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        return classes;
    }

    private static Process java(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** As soon as the shop is open. */
    private static String port(Process shop, Path log) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (shop.isAlive() && System.nanoTime() < end) {
            Matcher port = PORT.matcher(Files.readString(log));
            if (port.find()) {
                return port.group(1);
            }
            shop.waitFor(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError(Files.readString(log));
    }

    private static String place(String port, String ending) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/orders?ending=" + ending))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"customer\": \"ada\", \"item\": \"lamp\"}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
