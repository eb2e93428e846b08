package dev.millrace.producer.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/metrics.md says of every metric of the reference what it is made of here. */
class MetricSourcesTest {

    private static final Path DOCUMENT = Path.of("../docs/metrics.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern SOURCE = Pattern.compile("([A-Z]\\w+)\\.(\\w+)");
    private static final String STATISTIC = "-(rate|total|avg|max|ratio)$";

    private static final Map<String, Class<?>> TYPES = Stream.of(
                    AuthenticationEnd.class,
                    BatchEnd.class,
                    BatchRetry.class,
                    BatchSplit.class,
                    BufferWait.class,
                    ConnectionChange.class,
                    EngineError.class,
                    IdentityChange.class,
                    MetadataRefresh.class,
                    RecordRefusal.class,
                    RequestEnd.class,
                    StageTimes.class,
                    TransactionEnd.class,
                    NodeSnapshot.class,
                    PipelineSnapshot.class,
                    PipelineSnapshot.BufferState.class)
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

    @Test
    @Tag("row-117")
    void everyMetricOfTheReferenceHasASourceOrAReason() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (String row : rows()) {
            List<String> cells = List.of(row.split("\\|", -1));
            documented.addAll(codes(cells.get(1)));
            assertThat(cells.get(2).isBlank() && cells.get(3).isBlank())
                    .as("row without source and reason: %s", row)
                    .isFalse();
        }

        assertThat(documented).isEqualTo(metricsOfTheReference());
    }

    @Test
    @Tag("row-117")
    void everySourceExists() throws IOException {
        List<MatchResult> sources = SOURCE.matcher(Files.readString(DOCUMENT))
                .results()
                .filter(source -> TYPES.containsKey(source.group(1)))
                .toList();
        assertThat(sources).hasSizeGreaterThan(30);
        for (MatchResult source : sources) {
            assertThat(components(requireNonNull(TYPES.get(source.group(1)))))
                    .as(source.group())
                    .contains(source.group(2));
        }
        Set<String> used = sources.stream().map(source -> source.group(1)).collect(Collectors.toSet());
        assertThat(used).as("every event is good for something").isEqualTo(TYPES.keySet());
    }

    private static Set<String> metricsOfTheReference() {
        try (KafkaProducer<byte[], byte[]> reference = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1"), new ByteArraySerializer(), new ByteArraySerializer())) {
            return reference.metrics().keySet().stream()
                    .filter(metric -> metric.group().equals("producer-metrics"))
                    .map(MetricName::name)
                    .map(name -> name.replaceFirst(STATISTIC, ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }

    private static List<String> components(Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }
}
