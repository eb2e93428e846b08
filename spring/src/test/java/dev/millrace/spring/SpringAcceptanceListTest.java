package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/acceptance-spring.md has every number, each with tests that exist in the sources of some module. */
class SpringAcceptanceListTest {

    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| (.+?) \\| ?(.*?) ?\\|$", Pattern.MULTILINE);
    private static final List<String> MODULES = List.of("spring", "autoconfigure", "samples/transactions");

    @Test
    void hasEveryNumber() throws IOException {
        assertThat(rows(document()).keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 74).boxed().toList());
    }

    @Test
    void namesTestsThatExist() throws IOException {
        assertThat(problems(document())).isEmpty();
    }

    @Test
    void findsARowWithoutTestsAndTestsThatDoNotExist() throws IOException {
        assertThat(problems(
                        "| 49 | commits |  |\n| 50 | refuses | `SpringAcceptanceListTest#gone`<br>`NoTest#at all` |"))
                .containsExactly(
                        "49 has no test",
                        "50 names a test that does not exist: SpringAcceptanceListTest#gone",
                        "50 names a test that does not exist: NoTest#at all");
    }

    private static List<String> problems(String document) throws IOException {
        Map<String, String> sources = sources();
        List<String> problems = new ArrayList<>();
        rows(document).forEach((number, tests) -> {
            if (tests.isEmpty()) {
                problems.add(number + " has no test");
            }
            for (String test : tests.isEmpty() ? new String[0] : tests.split("<br>", -1)) {
                String[] names = test.replace("`", "").split("#", 2);
                if (!sources.getOrDefault(names[0], "").contains(" void " + names[1] + "(")) {
                    problems.add(number + " names a test that does not exist: " + String.join("#", names));
                }
            }
        });
        return problems;
    }

    private static Map<Integer, String> rows(String document) {
        Map<Integer, String> rows = new LinkedHashMap<>();
        Matcher row = ROW.matcher(document);
        while (row.find()) {
            rows.put(Integer.valueOf(row.group(1)), row.group(3));
        }
        return rows;
    }

    /** The text of every test class, by its simple name. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(repository().resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).collect(Collectors.toList())) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return sources;
    }

    private static String document() throws IOException {
        return Files.readString(repository().resolve("docs/acceptance-spring.md"));
    }

    /** Tests run in the directory of their module. */
    private static Path repository() {
        return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    }
}
