package dev.millrace.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages of docs/guide and the README, and what is in them. */
final class GuidePages {

    static final Path REPOSITORY =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    static final Path GUIDE = REPOSITORY.resolve("docs/guide");

    private static final Pattern BLOCK =
            Pattern.compile("^```([^\\n]*)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("^\\| (.*) \\|$", Pattern.MULTILINE);

    /** A piece of code on a page; {@code language} is empty for commands and what they print. */
    record Snippet(String page, int line, String language, String text) {

        @Override
        public String toString() {
            return page + ":" + line + " " + language;
        }
    }

    private GuidePages() {}

    static List<Path> all() {
        List<Path> pages = new ArrayList<>(in(GUIDE, ".md"));
        pages.add(REPOSITORY.resolve("README.md"));
        return pages;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static String page(String name) {
        return read(GUIDE.resolve(name));
    }

    /** In all pages. */
    static Stream<Snippet> snippets() {
        return all().stream().flatMap(page -> {
            String text = read(page);
            return BLOCK.matcher(text)
                    .results()
                    .map(block -> new Snippet(
                            String.valueOf(page.getFileName()),
                            1 + (int) text.substring(0, block.start()).lines().count(),
                            block.group(1).strip(),
                            block.group(2)));
        });
    }

    /** The cells of each row of each table of a page; rows of dashes are left out. */
    static List<List<String>> rows(String page) {
        List<List<String>> rows = new ArrayList<>();
        Matcher row = ROW.matcher(page(page));
        while (row.find()) {
            if (!row.group(1).startsWith("---")) {
                rows.add(Stream.of(row.group(1).split("\\|", -1))
                        .map(String::strip)
                        .toList());
            }
        }
        return rows;
    }

    /** What stands in backquotes. */
    static List<String> quoted(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(each -> each.group(1))
                .toList();
    }

    /** The files below a directory whose names end like this, without what builds leave there. */
    static List<Path> in(Path directory, String nameEnd) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(nameEnd))
                    .filter(file -> !directory.relativize(file).toString().contains("target"))
                    .sorted()
                    .toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
