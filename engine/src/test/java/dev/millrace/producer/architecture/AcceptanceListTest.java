package dev.millrace.producer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** docs/acceptance.md names the test of each behaviour, and each such test says which behaviour it is for. */
class AcceptanceListTest {

    private static final List<TaggedTest> NO_TESTS = List.of();

    @Test
    void theListAndTheTestsAgree() throws IOException {
        assertThat(AcceptanceList.of(document()).disagreementsWith(TaggedTest.all()))
                .isEmpty();
    }

    @Test
    void theDocumentCountsWhatIsOpen() throws IOException {
        AcceptanceList list = AcceptanceList.of(document());

        assertThat(document())
                .contains("Not yet: " + countOf(list, AcceptanceList.NOT_YET) + ".")
                .contains("Later: " + countOf(list, AcceptanceList.LATER) + ".");
    }

    @Test
    void findsARowWithoutTest() {
        assertThat(found("| 35 | lingers |  | controlled time | |", NO_TESTS)).contains("row 35 has no test: ");
    }

    @Test
    void findsAMissingAndAnUnknownAndARepeatedRow() {
        String document = "| 119 | a | later | | why |\n| 35 | a | later | | why |\n| 35 | a | later | | why |";

        assertThat(found(document, NO_TESTS))
                .contains("row 36 is missing", "row T7 is missing", "row 119 is unknown", "row 35 stands there twice");
    }

    @Test
    void findsARowThatIsNotDoneWithoutAReason() {
        assertThat(found("| 35 | lingers | not yet | | |", NO_TESTS))
                .contains("row 35 is not done and does not say why");
    }

    @Test
    void findsATestThatDoesNotExist() {
        assertThat(found("| T7 | wraps | `GoneTest#wraps` | | |", NO_TESTS))
                .contains("row T7 names a test that does not exist: GoneTest#wraps");
    }

    @Test
    void findsATestThatLacksTheTag() {
        List<TaggedTest> tests = List.of(new TaggedTest("ATest#wraps", Set.of("row-1")));

        assertThat(found("| T7 | wraps | `ATest#wraps` | | |", tests)).contains("ATest#wraps lacks the tag T7");
    }

    @Test
    void findsATagThatNoRowNames() {
        List<TaggedTest> tests = List.of(new TaggedTest("ATest#wraps", Set.of("row-35", "slow")));

        assertThat(found("| 35 | lingers | not yet | | why |", tests))
                .contains("row 35 does not name ATest#wraps", "ATest#wraps has a tag without a row: slow");
    }

    @Test
    void findsAWrongJudge() {
        List<TaggedTest> tests = List.of(new TaggedTest("AnIT#kills", Set.of("row-74")));

        assertThat(found("| 74 | kill | `AnIT#kills` | controlled time | |", tests))
                .contains("row 74 has a test against a real broker");
        assertThat(found("| 35 | lingers | not yet | real broker | why |", tests))
                .contains("row 35 has none against a real broker");
    }

    @Test
    void seesTheTagsOfTests() {
        assertThat(TaggedTest.all())
                .filteredOn(test -> test.name().equals("BatchingScenariosTest#fullBatchDoesNotLinger"))
                .singleElement()
                .satisfies(test -> assertThat(test.tags()).containsExactly("row-36"));
    }

    private static List<String> found(String document, List<TaggedTest> tests) {
        return AcceptanceList.of(document).disagreementsWith(tests);
    }

    private static String countOf(AcceptanceList list, String state) {
        List<String> ids = list.inState(state);
        return ids.isEmpty() ? "none" : ids.size() + " (" + String.join(", ", ids) + ")";
    }

    private static String document() throws IOException {
        return Files.readString(EngineClasses.repository().resolve("docs/acceptance.md"));
    }
}
