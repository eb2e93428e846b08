package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/guide/configuration.md has every key, as tools show it. */
class ConfigurationGuideTest {

    private static final String PREFIX = "app.producer.";

    private static final Map<String, String> KAFKA_NAMES =
            Stream.of(Setting.values()).collect(Collectors.toMap(Setting::springName, Setting::kafkaName));

    @Test
    void listsEveryKeyOnceWithDefaultAndKafkasName() {
        List<String> listed = GuidePages.rows("configuration.md").stream()
                .filter(row -> !row.get(0).equals("`app.producer.`"))
                .map(row -> String.join(" | ", row))
                .sorted()
                .toList();
        List<String> expected = ConfigurationMetadataTest.propertiesBelow(PREFIX).stream()
                .map(ConfigurationGuideTest::row)
                .sorted()
                .toList();

        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void linksTheTablesOfOtherPagesToNothingElse() {
        Set<String> known = ConfigurationMetadataTest.propertiesBelow(PREFIX);
        Map<String, List<String>> unknown = new TreeMap<>();
        for (String page : List.of("partitioning.md")) {
            GuidePages.rows(page).stream()
                    .flatMap(row -> GuidePages.quoted(row.get(0)).stream())
                    .filter(key -> !key.equals("app.producer.partitioner."))
                    .filter(key -> !known.contains(PREFIX + "partitioner." + key))
                    .forEach(key -> unknown.computeIfAbsent(page, any -> List.of(key)));
        }

        assertThat(unknown).isEmpty();
    }

    private static String row(String name) {
        Map<String, Object> property = ConfigurationMetadataTest.metadataOf(name);
        return "`" + name.substring(PREFIX.length()) + "` | " + shown(property.get("defaultValue")) + " | "
                + shown(KAFKA_NAMES.get(name)) + " | " + property.get("description");
    }

    private static String shown(@Nullable Object value) {
        if (value == null || value.equals("")) {
            return "";
        }
        return "`"
                + (value instanceof List<?> list
                        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                        : value)
                + "`";
    }
}
