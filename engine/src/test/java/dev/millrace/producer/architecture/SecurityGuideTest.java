package dev.millrace.producer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/guide/security.md names the tests of what it says, all of them. */
class SecurityGuideTest {

    private static final Pattern TEST = Pattern.compile("`((?:SecurityMatrixIT|AuthorizationIT)#\\w+)`");

    @Test
    void namesEveryTestOfTheMatrixAndNoOther() throws IOException {
        String guide = Files.readString(EngineClasses.repository().resolve("docs/guide/security.md"));
        Set<String> named =
                TEST.matcher(guide).results().map(each -> each.group(1)).collect(Collectors.toSet());
        Set<String> tests = new TreeSet<>();
        for (TaggedTest test : TaggedTest.all()) {
            if (TEST.matcher("`" + test.name() + "`").matches()) {
                tests.add(test.name());
            }
        }

        assertThat(named).isEqualTo(tests).isNotEmpty();
    }
}
