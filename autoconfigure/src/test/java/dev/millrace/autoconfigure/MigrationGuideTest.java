package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.json.JsonMapper;

/** docs/guide/migration.md names properties that exist, all of them, and its difference is that of the two samples. */
class MigrationGuideTest {

    private static final String THEIRS = "spring.kafka.";
    private static final String OURS = "app.producer.";
    private static final Path SAMPLES = GuidePages.REPOSITORY.resolve("samples/migration");

    /** What the page says of all keys below at once: they stay. */
    private static final List<String> OF_CONSUMERS = List.of("consumer.", "listener.", "streams.", "admin.");

    private final List<List<String>> rows = GuidePages.rows("migration.md").stream()
            .dropWhile(row -> !row.get(0).equals("`spring.kafka.`"))
            .skip(1)
            .takeWhile(row -> !row.get(0).equals("spring-kafka"))
            .toList();

    @Test
    void namesEveryPropertyOfSpringBootOnce() throws IOException {
        List<String> named = rows.stream()
                .flatMap(row -> GuidePages.quoted(row.get(0)).stream())
                .sorted()
                .toList();
        Set<String> expected = springBootKafka().stream()
                .filter(name -> name.startsWith(THEIRS))
                .map(name -> name.substring(THEIRS.length()))
                .filter(name -> OF_CONSUMERS.stream().noneMatch(name::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).containsExactlyElementsOf(expected);
    }

    @Test
    void namesPropertiesOfOurs() {
        Set<String> known = ConfigurationMetadataTest.propertiesBelow(OURS);

        assertThat(rows.stream()
                        .flatMap(row -> GuidePages.quoted(row.get(1)).stream())
                        .map(name -> OURS + name.replace("instance.<name>.", "")))
                .isNotEmpty()
                .allMatch(name -> known.contains(name)
                        || (name.endsWith(".*")
                                && known.stream().anyMatch(each -> each.startsWith(name.replace("*", "")))));
    }

    /** The keys of a bundle are those of a map's values, which the metadata leaves to their type. */
    @Test
    void namesPropertiesOfBundles() {
        List<String> names = rows.stream()
                .flatMap(row -> GuidePages.quoted(row.get(2)).stream())
                .filter(name -> name.startsWith("spring."))
                .map(name -> name.replace("<name>", "any"))
                .toList();

        assertThat(names).hasSize(11).allSatisfy(name -> {
            boolean isPem = name.startsWith("spring.ssl.bundle.pem.any.");
            Class<?> properties = isPem ? PemSslBundleProperties.class : JksSslBundleProperties.class;
            new Binder(new MapConfigurationPropertySource(Map.of(name, "text")))
                    .bind(
                            isPem ? "spring.ssl.bundle.pem.any" : "spring.ssl.bundle.jks.any",
                            Bindable.of(properties),
                            new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
        });
    }

    @Test
    void keepsTheDifferenceOfTheSamples() {
        Map<String, String> migrated =
                UnifiedDiff.parse(GuidePages.page("migration.diff")).applyTo(files(SAMPLES.resolve("before")));

        assertThat(migrated).as("make migration-diff").isEqualTo(files(SAMPLES.resolve("after")));
    }

    /** One side of the migration has nothing of the other's. */
    @Test
    void leavesNothingOfTheOtherSide() {
        assertThat(files(SAMPLES.resolve("before")).values())
                .noneMatch(text -> text.contains("import dev.millrace.spring"));
        assertThat(files(SAMPLES.resolve("after")).values())
                .noneMatch(text -> text.contains("org.springframework.kafka") || text.contains("org.apache.kafka"));
    }

    private static Map<String, String> files(Path directory) {
        Map<String, String> files = new TreeMap<>();
        for (Path file : GuidePages.in(directory, "")) {
            if (file.toFile().isFile()) {
                files.put(directory.relativize(file).toString().replace('\\', '/'), GuidePages.read(file));
            }
        }
        return files;
    }

    /** Names in the metadata of Spring Boot's module for Kafka, without those that are deprecated. */
    @SuppressWarnings("unchecked") // the shape of Boot's metadata file
    private static Set<String> springBootKafka() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Resource file : new PathMatchingResourcePatternResolver()
                .getResources("classpath*:META-INF/spring-configuration-metadata.json")) {
            if (!String.valueOf(file.getURL()).contains("spring-boot-kafka")) {
                continue;
            }
            Map<String, Object> metadata = new JsonMapper().readValue(file.getContentAsString(UTF_8), Map.class);
            ((List<Map<String, Object>>) metadata.getOrDefault("properties", List.of()))
                    .stream()
                            .filter(property -> !property.containsKey("deprecation"))
                            .forEach(property -> names.add(String.valueOf(property.get("name"))));
        }
        assertThat(names).isNotEmpty();
        return names;
    }

    /** What {@code git diff --no-renames} writes, for files of text that end with a line break. */
    private record UnifiedDiff(Map<String, List<String>> changes) {

        private static final Pattern FILE = Pattern.compile("^diff --git a/(.+) b/(.+)$");
        private static final Pattern HUNK = Pattern.compile("^@@ -(\\d+)(?:,(\\d+))? \\+\\d+(?:,\\d+)? @@.*$");

        static UnifiedDiff parse(String text) {
            Map<String, List<String>> changes = new TreeMap<>();
            List<String> current = new ArrayList<>();
            for (String line : text.split("\n", -1)) {
                Matcher file = FILE.matcher(line);
                if (file.matches()) {
                    current = new ArrayList<>();
                    changes.put(file.group(1), current);
                } else {
                    current.add(line);
                }
            }
            return new UnifiedDiff(changes);
        }

        Map<String, String> applyTo(Map<String, String> files) {
            Map<String, String> result = new TreeMap<>(files);
            changes.forEach((name, lines) -> {
                String changed = apply(name, files.getOrDefault(name, ""), lines);
                if (lines.contains("+++ /dev/null")) {
                    assertThat(changed).as(name).isEmpty();
                    result.remove(name);
                } else {
                    result.put(name, changed);
                }
            });
            return result;
        }

        private static String apply(String name, String text, List<String> change) {
            List<String> before = text.lines().toList();
            List<String> after = new ArrayList<>();
            int at = 0;
            for (String line :
                    change.stream().dropWhile(each -> !each.startsWith("@@")).toList()) {
                Matcher hunk = HUNK.matcher(line);
                if (hunk.matches()) {
                    int start = Integer.parseInt(hunk.group(1)) - ("0".equals(hunk.group(2)) ? 0 : 1);
                    after.addAll(before.subList(at, start));
                    at = start;
                } else if (line.startsWith("+")) {
                    after.add(line.substring(1));
                } else if (line.startsWith("-") || line.startsWith(" ")) {
                    assertThat(before.get(at)).as("%s, line %d", name, at + 1).isEqualTo(line.substring(1));
                    if (line.startsWith(" ")) {
                        after.add(before.get(at));
                    }
                    at++;
                }
            }
            after.addAll(before.subList(at, before.size()));
            return after.stream().map(line -> line + "\n").collect(Collectors.joining());
        }
    }
}
