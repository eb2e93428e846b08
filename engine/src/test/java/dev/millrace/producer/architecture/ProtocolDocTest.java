package dev.millrace.producer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.protocol.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/protocol.md says what {@link ApiKey} says. */
class ProtocolDocTest {

    /** {@code | Produce | 0 | 7 to 13 | 9 | ...}. */
    private static final Pattern ROW =
            Pattern.compile("^\\| (\\w+) \\| (\\d+) \\| (\\d+) to (\\d+) \\| (\\d+|never) \\|", Pattern.MULTILINE);

    @Test
    void theTableOfApisIsThatOfTheCode() throws IOException {
        String document = Files.readString(EngineClasses.repository().resolve("docs/protocol.md"));

        assertThat(rows(document))
                .containsExactlyElementsOf(
                        Stream.of(ApiKey.values()).map(ProtocolDocTest::rowOf).toList());
    }

    @Test
    void findsARowThatDiffers() {
        assertThat(rows("| Produce | 0 | 7 to 12 | 9 | x |")).hasSize(1).doesNotContain(rowOf(ApiKey.PRODUCE));
    }

    private static List<String> rows(String document) {
        return ROW.matcher(document).results().map(ProtocolDocTest::rowOf).toList();
    }

    private static String rowOf(MatchResult row) {
        return String.join(" ", row.group(1), row.group(2), row.group(3), row.group(4), row.group(5));
    }

    private static String rowOf(ApiKey key) {
        return String.join(
                " ",
                nameOf(key),
                Short.toString(key.id()),
                Short.toString(key.versions().min()),
                Short.toString(key.versions().max()),
                firstFlexible(key));
    }

    /** {@code INIT_PRODUCER_ID} is written InitProducerId in the protocol. */
    private static String nameOf(ApiKey key) {
        StringBuilder name = new StringBuilder();
        for (String word : key.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private static String firstFlexible(ApiKey key) {
        for (short version = 0; version <= key.versions().max(); version++) {
            if (key.isFlexible(version)) {
                return Short.toString(version);
            }
        }
        return "never";
    }
}
