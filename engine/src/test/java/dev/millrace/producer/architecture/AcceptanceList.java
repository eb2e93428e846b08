package dev.millrace.producer.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The table of docs/acceptance.md beside the tests that carry its tags. A row with the id 35 belongs to tests tagged
 * {@code row-35}, a row T7 to tests tagged {@code T7}.
 *
 * @param rows by id, in the order of the document
 * @param repeated ids that stand there more than once
 */
record AcceptanceList(Map<String, Row> rows, List<String> repeated) {

    static final int LAST_ROW = 118;
    static final int LAST_DEFECT = 20;

    /** A behaviour that exists without a test, or does not exist although it belongs to what is built. */
    static final String NOT_YET = "not yet";

    /** A behaviour of a part that is not built. */
    static final String LATER = "later";

    static final String REAL_BROKER = "real broker";

    private static final Pattern TABLE_ROW = Pattern.compile("^\\| (\\d+|T\\d+) \\|(.*)\\|$", Pattern.MULTILINE);
    private static final int COLUMNS = 4;

    /**
     * One line of the table.
     *
     * @param tests {@code Class#method} each, empty unless the row is done
     * @param state {@link #NOT_YET}, {@link #LATER}, or empty if there are tests
     */
    record Row(String id, String expected, List<String> tests, String state, String against, String remark) {}

    static AcceptanceList of(String document) {
        Map<String, Row> rows = new LinkedHashMap<>();
        List<String> repeated = new ArrayList<>();
        Matcher line = TABLE_ROW.matcher(document);
        while (line.find()) {
            Row row = rowOf(line.group(1), line.group(2).split("\\|", -1));
            if (rows.put(row.id(), row) != null) {
                repeated.add(row.id());
            }
        }
        return new AcceptanceList(rows, repeated);
    }

    /** Everything in which the document and the tests differ, in words; empty if they agree. */
    List<String> disagreementsWith(List<TaggedTest> tests) {
        List<String> found = new ArrayList<>();
        repeated.forEach(id -> found.add("row " + id + " stands there twice"));
        expectedIds().filter(id -> !rows.containsKey(id)).forEach(id -> found.add("row " + id + " is missing"));
        rows.values().forEach(row -> checkShape(row, found));
        checkNames(tests, found);
        checkTags(tests, found);
        return found;
    }

    /** The ids of rows in a state. */
    List<String> inState(String state) {
        return rows.values().stream()
                .filter(row -> row.state().equals(state))
                .map(Row::id)
                .toList();
    }

    static String tagOf(String id) {
        return id.startsWith("T") ? id : "row-" + id;
    }

    private static Row rowOf(String id, String[] cells) {
        if (cells.length != COLUMNS) {
            return new Row(id, "", List.of(), "not a row of " + COLUMNS + " columns", "", "");
        }
        String tests = cells[1].strip();
        boolean done = tests.contains("#");
        List<String> names = done
                ? Stream.of(tests.split("<br>", -1)).map(AcceptanceList::bare).toList()
                : List.of();
        return new Row(id, cells[0].strip(), names, done ? "" : tests, cells[2].strip(), cells[3].strip());
    }

    private static String bare(String name) {
        return name.replace("`", "").strip();
    }

    private static Stream<String> expectedIds() {
        return Stream.concat(
                IntStream.rangeClosed(1, LAST_ROW).mapToObj(Integer::toString),
                IntStream.rangeClosed(1, LAST_DEFECT).mapToObj(number -> "T" + number));
    }

    private static void checkShape(Row row, List<String> found) {
        String what = "row " + row.id();
        if (expectedIds().noneMatch(row.id()::equals)) {
            found.add(what + " is unknown");
        }
        if (row.expected().isEmpty()) {
            found.add(what + " does not say what is expected");
        }
        boolean open = row.state().equals(NOT_YET) || row.state().equals(LATER);
        if (row.tests().isEmpty() && !open) {
            found.add(what + " has no test: " + row.state());
        }
        if (open && row.remark().isEmpty()) {
            found.add(what + " is not done and does not say why");
        }
        boolean judged = row.tests().stream().anyMatch(name -> name.contains("IT#"));
        if (judged != row.against().contains(REAL_BROKER)) {
            found.add(what + (judged ? " has a test against a real broker" : " has none against a real broker"));
        }
    }

    private void checkNames(List<TaggedTest> tests, List<String> found) {
        Map<String, TaggedTest> byName = new HashMap<>();
        tests.forEach(test -> byName.put(test.name(), test));
        for (Row row : rows.values()) {
            for (String name : row.tests()) {
                TaggedTest test = byName.get(name);
                if (test == null) {
                    found.add("row " + row.id() + " names a test that does not exist: " + name);
                } else if (!test.tags().contains(tagOf(row.id()))) {
                    found.add(name + " lacks the tag " + tagOf(row.id()));
                }
            }
        }
    }

    private void checkTags(List<TaggedTest> tests, List<String> found) {
        Map<String, Row> byTag = new HashMap<>();
        rows.values().forEach(row -> byTag.put(tagOf(row.id()), row));
        for (TaggedTest test : tests) {
            for (String tag : test.tags()) {
                Row row = byTag.get(tag);
                if (row == null) {
                    found.add(test.name() + " has a tag without a row: " + tag);
                } else if (!row.tests().contains(test.name())) {
                    found.add("row " + row.id() + " does not name " + test.name());
                }
            }
        }
    }
}
