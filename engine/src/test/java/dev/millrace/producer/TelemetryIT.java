package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openText;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker with somebody behind it who takes clients' metrics ({@link TelemetryCollector}). */
@Timeout(240)
class TelemetryIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ConfigResource SUBSCRIPTION =
            new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "everything-of-producers");
    private static final String INTERVAL = "interval.ms";
    private static final String PREFIX = "org.apache.kafka.producer.";

    private Path directory = Path.of("");
    private Path pushes = Path.of("");

    @BeforeEach
    void makeDirectory(@TempDir Path temporary) throws IOException {
        directory = temporary;
        pushes = Files.createDirectories(directory.resolve("pushes"));
    }

    @Test
    @Tag("row-117")
    @Tag("row-118")
    void aBrokerGetsWhatItAskedForUntilTheEnd() throws Exception {
        try (DevCluster cluster = DevCluster.builder()
                .classPathFile(classPathWithCollector())
                .brokerSetting("metric.reporters", TelemetryCollector.class.getName())
                .brokerSetting(TelemetryCollector.DIRECTORY, pushes.toString())
                .startTimeout(LIMIT.multipliedBy(2))
                .start()) {
            subscribe(cluster);
            String topic = Reference.newTopic(cluster, 1);
            UUID instanceId;
            try (Producer<String, String> producer =
                    openText(config(cluster).clientId("measured").clientRack("a"))) {
                for (int i = 0; i < 10; i++) {
                    assertThat(get(producer.send(new ProducerRecord<>(topic, "value " + i)))
                                    .offset())
                            .isEqualTo(i);
                }
                instanceId = get(producer.clientInstanceId());
                await().atMost(LIMIT).until(() -> pushed(false).size() >= 2);
                get(producer.send(new ProducerRecord<>(topic, "last")));
            }
            await().atMost(LIMIT).until(() -> !pushed(true).isEmpty());

            Uuid asTheBrokerWritesIt =
                    new Uuid(instanceId.getMostSignificantBits(), instanceId.getLeastSignificantBits());
            List<Path> all =
                    Stream.concat(pushed(false).stream(), pushed(true).stream()).toList();
            assertThat(all).allSatisfy(push -> assertThat(push.getFileName().toString())
                    .contains(" " + asTheBrokerWritesIt + " ")
                    .endsWith(" measured"));
            assertThat(pushed(true)).hasSize(1);
            assertThat(sum(all, PREFIX + "record.send.total"))
                    .as("deltas of all pushes")
                    .isEqualTo(11);
            assertThat(names(all)).allMatch(name -> name.startsWith(PREFIX)).contains(PREFIX + "topic.byte.rate");
            assertThat(MetricsData.parseFrom(Files.readAllBytes(all.get(0)))
                            .getResourceMetrics(0)
                            .getResource()
                            .getAttributes(0)
                            .getValue()
                            .getStringValue())
                    .isEqualTo("a");
        }
    }

    /** Brokers take it over a while after it was made, and the first answer decides when a producer asks again. */
    private static void subscribe(DevCluster cluster) throws Exception {
        try (Admin admin = Reference.admin(cluster)) {
            List<AlterConfigOp> changes = List.of(
                    new AlterConfigOp(new ConfigEntry("metrics", PREFIX), AlterConfigOp.OpType.SET),
                    new AlterConfigOp(new ConfigEntry(INTERVAL, "1000"), AlterConfigOp.OpType.SET));
            admin.incrementalAlterConfigs(Map.of(SUBSCRIPTION, changes)).all().get();
            await().atMost(LIMIT).until(() -> {
                Config known =
                        admin.describeConfigs(List.of(SUBSCRIPTION)).all().get().get(SUBSCRIPTION);
                ConfigEntry interval = known == null ? null : known.get(INTERVAL);
                return interval != null && "1000".equals(interval.value());
            });
        }
    }

    private List<Path> pushed(boolean last) throws IOException {
        try (Stream<Path> files = Files.list(pushes)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(file -> file.getFileName().toString().contains(" " + last + " "))
                    .sorted()
                    .toList();
        }
    }

    private static double sum(List<Path> files, String name) throws IOException {
        double sum = 0;
        for (Path file : files) {
            sum += metrics(file).stream()
                    .filter(metric -> metric.getName().equals(name))
                    .flatMap(metric -> metric.getSum().getDataPointsList().stream())
                    .mapToDouble(NumberDataPoint::getAsDouble)
                    .sum();
        }
        return sum;
    }

    private static Set<String> names(List<Path> files) throws IOException {
        return metrics(files.get(0)).stream().map(Metric::getName).collect(Collectors.toSet());
    }

    private static List<Metric> metrics(Path file) throws IOException {
        return MetricsData.parseFrom(ByteBuffer.wrap(Files.readAllBytes(file))).getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .toList();
    }

    /** The class path a broker has anyway, and the collector alone of all classes here. */
    private Path classPathWithCollector() throws IOException {
        String file = TelemetryCollector.class.getName().replace('.', '/') + ".class";
        Path copy = directory.resolve("classes").resolve(file);
        Files.createDirectories(requireNonNull(copy.getParent()));
        try (InputStream compiled = requireNonNull(TelemetryIT.class.getResourceAsStream("/" + file))) {
            Files.copy(compiled, copy);
        }
        Set<String> artifacts = brokerArtifacts();
        Stream<String> jars = Stream.of("java.class.path", "surefire.test.class.path", "jdk.module.path")
                .flatMap(property ->
                        Arrays.stream(System.getProperty(property, "").split(File.pathSeparator, -1)))
                .filter(entry -> artifacts.contains(entry.substring(entry.lastIndexOf(File.separatorChar) + 1)
                        .replaceFirst("-\\d.*\\.jar$", "")))
                .distinct();
        return Files.writeString(
                directory.resolve("class-path"),
                Stream.concat(Stream.of(directory.resolve("classes").toString()), jars)
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    private static Set<String> brokerArtifacts() throws IOException {
        try (InputStream list = requireNonNull(DevCluster.class.getResourceAsStream("broker-artifacts.txt"))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toSet());
        }
    }
}
