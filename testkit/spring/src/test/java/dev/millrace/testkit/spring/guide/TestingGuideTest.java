package dev.millrace.testkit.spring.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.Fault;
import dev.millrace.testkit.spring.AutoConfigureFakeCluster;
import dev.millrace.testkit.spring.ProducerTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/guide/testing.md, whose Java stands in the tests beside this one, leaves nothing out. */
class TestingGuideTest {

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
        return Files.readString(
                Path.of("").toAbsolutePath().resolve("../../docs/guide/testing.md").normalize());
    }
}
