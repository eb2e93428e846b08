package dev.millrace.autoconfigure.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.context.support.GenericApplicationContext;
import org.yaml.snakeyaml.Yaml;

/** The Compose files of docs/guide/service-connections.md lead where the page says. */
class ComposeGuideTest {

    @Test
    void leadsToTheBroker() throws IOException {
        List<String> addresses = files().stream()
                .map(ComposeGuideTest::service)
                .map(ComposeGuideTest::connect)
                .toList();

        assertThat(addresses).containsExactly("127.0.0.1:9092", "127.0.0.1:29092", "127.0.0.1:19092");
    }

    private static String connect(RunningService service) {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            Services.register(context, service);
            context.refresh();
            return String.join(
                    ",", context.getBean(ProducerConnectionDetails.class).getBootstrapServers());
        }
    }

    @SuppressWarnings("unchecked")
    private static RunningService service(String file) {
        Map<String, Map<String, Map<String, Object>>> yaml = new Yaml().load(file);
        Map<String, Object> service =
                Objects.requireNonNull(yaml.get("services")).values().iterator().next();
        Map<Integer, Integer> ports = ((List<String>) Objects.requireNonNull(service.get("ports")))
                .stream()
                        .map(mapping -> mapping.split(":", -1))
                        .collect(Collectors.toMap(each -> Integer.valueOf(each[1]), each -> Integer.valueOf(each[0])));
        return Services.service(
                String.valueOf(service.get("image")),
                ports,
                new HashMap<>((Map<String, String>) service.getOrDefault("environment", Map.of())),
                (Map<String, String>) service.getOrDefault("labels", Map.of()));
    }

    private static List<String> files() throws IOException {
        Path repository = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
        Matcher block = Pattern.compile("^```yaml\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(repository.resolve("docs/guide/service-connections.md")));
        return block.results().map((MatchResult found) -> found.group(1)).toList();
    }
}
