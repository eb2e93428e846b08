package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.spring.ProducerTemplate;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

/**
 * A web application is told to end while requests are in flight. What was answered is in the log, though nobody in the
 * application waits for a record, and each would linger for longer than the test runs.
 */
@WithDevCluster(autoCreateTopics = false)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebShutdownIT {

    private static final int SECONDS_TO_END = 20;
    private static final int TERMINATED = 143;
    private static final int REQUESTS = 20;

    private final String topic = "orders-" + UUID.randomUUID();
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable Process application; // null before it is started

    @AfterEach
    void endWhatTheTestLeftBehind() {
        if (application != null) {
            application.destroyForcibly();
        }
    }

    @Test
    void deliversWhatAnsweredRequestsHaveSent(DevCluster cluster) throws Exception {
        cluster.createTopic(topic, 2, 1, Map.of());
        Process started = start(cluster);
        application = started;
        BufferedReader output = started.inputReader(UTF_8);
        List<String> lines = new ArrayList<>();
        String address = "http://localhost:" + awaitLine(output, lines, ShopApplication.PORT) + "/";
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            HttpResponse<String> response = client.send(order(address, "before-" + i), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(HttpServletResponse.SC_ACCEPTED);
            answered.add("before-" + i);
        }
        List<CompletableFuture<HttpResponse<String>>> inFlight = IntStream.range(0, REQUESTS)
                .mapToObj(i -> client.sendAsync(order(address, "late-" + i), BodyHandlers.ofString()))
                .toList();
        for (int i = 0; i < REQUESTS; i++) {
            awaitLine(output, lines, ShopApplication.IN_FLIGHT);
        }

        started.toHandle().destroy();

        for (int i = 0; i < REQUESTS; i++) {
            HttpResponse<String> response = inFlight.get(i).get(SECONDS_TO_END, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(HttpServletResponse.SC_ACCEPTED);
            assertThat(response.body()).isEqualTo("accepted while closing");
            answered.add("late-" + i);
        }
        assertThat(started.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)).isTrue();
        output.lines().forEach(lines::add);
        assertThat(started.exitValue()).isEqualTo(TERMINATED);
        assertThat(String.join("\n", lines))
                .contains("closed: submitted=40 delivered=40 failed=0")
                .doesNotContain(" ERROR ");
        assertThat(read(cluster)).containsExactlyInAnyOrderElementsOf(answered);
    }

    private Process start(DevCluster cluster) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ShopApplication.class.getName(),
                        "--server.port=0",
                        "--spring.docker.compose.enabled=false", // its library is there, for other tests
                        "--shop.topic=" + topic,
                        "--app.producer.client-id=shop",
                        "--app.producer.linger=60s",
                        "--app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                .redirectErrorStream(true)
                .start();
    }

    private static HttpRequest order(String address, String id) {
        return HttpRequest.newBuilder(URI.create(address + "?id=" + id))
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    /** Returns what follows the word. */
    private static String awaitLine(BufferedReader output, List<String> lines, String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith(word)) {
                return line.substring(word.length());
            }
        }
        throw new AssertionError("no line begins with '" + word + "':\n" + String.join("\n", lines));
    }

    /** Everything in the topic. */
    private List<String> read(DevCluster cluster) {
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            while (values.size() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    /** Publishes an order and does not wait for it. Orders that are late come when the application has begun to close. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({TomcatServletWebServerAutoConfiguration.class, ProducerAutoConfiguration.class})
    static class ShopApplication {

        static final String PORT = "listens on ";
        static final String IN_FLIGHT = "in flight";

        public static void main(String[] args) {
            SpringApplication application = new SpringApplication(ShopApplication.class);
            application.setWebApplicationType(WebApplicationType.SERVLET);
            application.run(args);
        }

        private final CountDownLatch closing = new CountDownLatch(1);

        @Bean
        @SuppressWarnings("SystemOut") // the test reads the line
        ApplicationListener<WebServerInitializedEvent> port() {
            return started -> System.out.println(PORT + started.getWebServer().getPort());
        }

        @Bean
        ApplicationListener<ContextClosedEvent> closing() {
            return closed -> closing.countDown();
        }

        @Bean
        HttpServlet orders(
                ObjectProvider<ProducerTemplate<String, String>> templates,
                org.springframework.core.env.Environment environment) {
            String topic = environment.getRequiredProperty("shop.topic");
            return new Orders(templates.getObject(), topic, closing);
        }
    }

    @SuppressWarnings("serial") // nobody serializes it
    private static final class Orders extends HttpServlet {

        private final transient ProducerTemplate<String, String> template;
        private final String topic;
        private final transient CountDownLatch closing;

        Orders(ProducerTemplate<String, String> template, String topic, CountDownLatch closing) {
            this.template = template;
            this.topic = topic;
            this.closing = closing;
        }

        @Override
        @SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"}) // the test reads the line; fire and forget
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String id = request.getParameter("id");
            if (id.startsWith("late")) {
                System.out.println(ShopApplication.IN_FLIGHT);
                awaitClosing();
            }
            template.send(topic, id, id);
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
            response.getWriter().write(closing.getCount() == 0 ? "accepted while closing" : "accepted");
        }

        private void awaitClosing() {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
