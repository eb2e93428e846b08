package dev.millrace.producer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sources and documents refer to exists. */
class DocumentsTest {

    private static final Pattern DESCRIBED_IN = Pattern.compile("Described in (docs/\\S+\\.md)(?:, ([^.]+))?\\.");
    private static final Pattern COMMENT_LINE = Pattern.compile("\\s*\n \\* ?");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

    private final Path repository = EngineClasses.repository();

    @Test
    void everySectionThatAPackageRefersToExists() throws IOException {
        List<String> missing = new ArrayList<>();
        int references = 0;
        for (Path file : files(repository, "package-info.java")) {
            List<String> found = references(Files.readString(file));
            references += found.size();
            found.stream().filter(each -> !exists(repository, each)).forEach(missing::add);
        }

        assertThat(missing).isEmpty();
        assertThat(references).isPositive();
    }

    @Test
    void everyInternalPackageIsDescribed() throws IOException {
        for (Path file : files(repository.resolve("engine/src/main"), "package-info.java")) {
            if (file.toString().contains("internal")) {
                assertThat(references(Files.readString(file)))
                        .as(file.toString())
                        .hasSize(1);
            }
        }
    }

    @Test
    void everyLinkBetweenDocumentsLeadsSomewhere() throws IOException {
        List<Path> documents = new ArrayList<>(files(repository.resolve("docs"), ".md"));
        documents.add(repository.resolve("README.md"));
        documents.add(repository.resolve("CONTRIBUTING.md"));

        assertThat(documents).hasSizeGreaterThan(10);
        for (Path document : documents) {
            assertThat(brokenLinks(document)).as(document.toString()).isEmpty();
        }
    }

    @Test
    void findsAReferenceToAMissingSection(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("docs"));
        Files.writeString(directory.resolve("docs/a.md"), "# Title\n\n## The path\n");
        List<String> found = references(
                "/**\n * Text. Described in\n * docs/a.md, The path.\n *\n * Described in docs/a.md, Lost.\n */");

        assertThat(found).containsExactly("docs/a.md#The path", "docs/a.md#Lost");
        assertThat(found).filteredOn(each -> !exists(directory, each)).containsExactly("docs/a.md#Lost");
    }

    @Test
    void findsABrokenLink(@TempDir Path directory) throws IOException {
        Path document = directory.resolve("a.md");
        Files.writeString(document, "[one](a.md) [two](lost.md#there) [three](https://example.org/x)");

        assertThat(brokenLinks(document)).containsExactly("lost.md");
    }

    /** As {@code file#heading}, or {@code file#} for the whole file. */
    private static List<String> references(String source) {
        List<String> references = new ArrayList<>();
        Matcher matcher = DESCRIBED_IN.matcher(COMMENT_LINE.matcher(source).replaceAll(" "));
        while (matcher.find()) {
            references.add(matcher.group(1) + "#" + (matcher.group(2) == null ? "" : matcher.group(2)));
        }
        return references;
    }

    private static boolean exists(Path root, String reference) {
        int hash = reference.indexOf('#');
        Path file = root.resolve(reference.substring(0, hash));
        String heading = reference.substring(hash + 1);
        try (Stream<String> lines = Files.lines(file)) {
            return heading.isEmpty() || lines.anyMatch(line -> line.matches("#+ " + Pattern.quote(heading)));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> brokenLinks(Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher matcher = LINK.matcher(Files.readString(document));
        while (matcher.find()) {
            Path target = document.resolveSibling(matcher.group(1));
            if (!Files.exists(target)) {
                broken.add(matcher.group(1));
            }
        }
        return broken;
    }

    private static List<Path> files(Path directory, String nameEnd) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(nameEnd)).toList();
        }
    }
}
