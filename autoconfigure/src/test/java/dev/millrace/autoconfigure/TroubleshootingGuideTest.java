package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/guide/troubleshooting.md has messages that exist. */
class TroubleshootingGuideTest {

    @Test
    void namesMessagesOfTheCode() {
        String literals = Stream.of("engine", "spring", "autoconfigure")
                .flatMap(module -> GuidePages.in(GuidePages.REPOSITORY.resolve(module + "/src/main"), ".java").stream())
                .map(GuidePages::read)
                .map(source -> source.replaceAll("\"\\s*\\+\\s*\"", ""))
                .collect(Collectors.joining("\n"));
        List<String> messages = GuidePages.rows("troubleshooting.md").stream()
                .map(row -> row.get(0))
                .filter(cell -> !cell.equals("message"))
                .toList();

        assertThat(messages)
                .hasSizeGreaterThan(20)
                .allMatch(cell -> GuidePages.quoted(cell).size() == 1)
                .allMatch(cell -> literals.contains(GuidePages.quoted(cell).get(0)));
    }
}
