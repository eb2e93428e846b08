package dev.millrace.samples.observability.tryit;

import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Places orders and prints what a dashboard, a tracing tool, an orchestrator and an operator would see of them. */
@Component
@Profile("try-it")
class TryIt implements ApplicationRunner, ExitCodeGenerator {
    private static final int ORDERS = 100;

    /** Some of the meters: two that dashboards for Kafka's own producer show, and three of ours. */
    private static final List<String> METERS = List.of(
            "kafka_producer_record_send_total{",
            "kafka_producer_topic_record_send_total{",
            "app_producer_send_seconds_count{",
            "app_producer_stage_seconds_count{",
            "app_producer_buffer_used_bytes{");

    private final PrintStream out = System.out;
    private final ServletWebServerApplicationContext context;
    private final SdkTracerProvider tracers;
    private final SpanLog spans;
    private final RecordHeaders headers;
    private final JsonMapper json;
    private boolean isGood = true;

    TryIt(
            ServletWebServerApplicationContext context,
            SdkTracerProvider tracers,
            SpanLog spans,
            RecordHeaders headers,
            JsonMapper json) {
        this.context = context;
        this.tracers = tracers;
        this.spans = spans;
        this.headers = headers;
        this.json = json;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException, InterruptedException {
        Web web = new Web(Objects.requireNonNull(context.getWebServer()).getPort());
        showHealth(web, "before the first order", "UNKNOWN");
        for (int i = 0; i < ORDERS; i++) {
            web.post("/orders/customer-" + i % 7, "lamp");
        }
        showHealth(web, "after " + ORDERS + " orders", "UP");
        showMeters(web);
        showTrace();
        showEndpoint(web);
        out.println();
        out.println(isGood ? "Nothing is missing." : "Something is missing.");
    }

    @Override
    public int getExitCode() {
        return isGood ? 0 : 1;
    }

    private void showHealth(Web web, String when, String expected) throws IOException, InterruptedException {
        JsonNode health = json.readTree(web.get("/actuator/health/producer"));
        title("/actuator/health/producer " + when);
        out.println("  " + health);
        require(expected.equals(health.path("status").asString()));
    }

    private void showMeters(Web web) throws IOException, InterruptedException {
        List<String> lines = web.get("/actuator/prometheus").lines().toList();
        title("/actuator/prometheus");
        for (String meter : METERS) {
            List<String> found =
                    lines.stream().filter(line -> line.startsWith(meter)).toList();
            found.forEach(line -> out.println("  " + line));
            require(!found.isEmpty());
        }
    }

    private void showTrace() {
        tracers.forceFlush().join(10, TimeUnit.SECONDS);
        Map<String, String> sent = headers.ofFirstOrder();
        String traceParent = sent.getOrDefault("traceparent", "00-none-none-00");
        List<String> tree = spans.tree(traceParent.split("-", -1)[1]);
        title("the first order's header traceparent, and its trace");
        out.println("  " + traceParent);
        tree.forEach(line -> out.println("  " + line));
        require(tree.stream().anyMatch(line -> line.strip().equals("send orders PRODUCER")));
    }

    private void showEndpoint(Web web) throws IOException, InterruptedException {
        JsonNode producer =
                json.readTree(web.get("/actuator/producers")).path("producers").path("producerFactory");
        JsonNode pipeline = producer.path("clients").path(0).path("pipeline");
        title("/actuator/producers");
        out.println("  bottleneck: " + pipeline.path("bottleneck").asString() + ", "
                + pipeline.path("explanation").asString());
        out.println("  records: " + pipeline.path("records"));
        out.println("  app.producer.linger: " + producer.path("settings").path("app.producer.linger"));
        require(pipeline.path("records").path("delivered").asInt() == ORDERS);
    }

    private void title(String text) {
        out.println();
        out.println(text);
    }

    private void require(boolean isThere) {
        if (!isThere) {
            out.println("  and that is not what was expected");
            isGood = false;
        }
    }
}
