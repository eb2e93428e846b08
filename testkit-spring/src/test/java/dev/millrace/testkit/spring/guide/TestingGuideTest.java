package dev.millrace.testkit.spring.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.Fault;
import dev.millrace.testkit.spring.AutoConfigureFakeCluster;
import dev.millrace.testkit.spring.ProducerTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java of docs/guide/testing.md is here word for word, in tests that run; and the page leaves nothing out. */
class TestingGuideTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void hasJavaThatRuns() throws IOException {
        List<String> blocks =
                BLOCK.matcher(page()).results().map(found -> found.group(1)).toList();
        String sources = Stream.of("OrderServiceTest", "ShopTest", "OrderServiceUnitTest")
                .map(TestingGuideTest::source)
                .map(TestingGuideTest::withoutSpace)
                .collect(Collectors.joining());

        assertThat(blocks).hasSizeGreaterThan(6).allSatisfy(block -> assertThat(sources)
                .contains(withoutSpace(block)));
    }

    @Test
    void namesEveryAttributeAndEveryFault() throws IOException {
        String page = page();
        Set<String> attributes = Stream.of(ProducerTest.class, AutoConfigureFakeCluster.class)
                .flatMap(annotation -> Stream.of(annotation.getDeclaredMethods()))
                .map(Method::getName)
                .collect(Collectors.toSet());
        Set<String> faults = Stream.of(Fault.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("toString"))
                .collect(Collectors.toSet());

        assertThat(attributes).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        assertThat(faults).allSatisfy(name -> assertThat(page).contains("`" + name + "("));
    }

    private static String page() throws IOException {
        return Files.readString(Objects.requireNonNull(MODULE.getParent()).resolve("docs/guide/testing.md"));
    }

    private static String source(String test) {
        try {
            return Files.readString(
                    MODULE.resolve("src/test/java/dev/millrace/testkit/spring/guide/" + test + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
