package dev.millrace.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.testcontainers.kafka.KafkaContainer;

/** The Java of docs/guide/service-connections.md is compiled, and its beans give connection details. */
class ServiceConnectionGuideTest {

    private static final Path REPOSITORY =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    @Test
    void hasJavaThatIsCompiled() throws IOException {
        String source = flat(Files.readString(
                REPOSITORY.resolve("autoconfigure/src/test/java/dev/millrace/autoconfigure/testcontainers/"
                        + "ServiceConnectionGuideSnippets.java")));

        assertThat(blocks("java")).hasSize(4).allSatisfy(block -> assertThat(source)
                .contains(flat(block)));
    }

    /** A container is made, but not started before anybody asks for its address. */
    @Test
    void hasContainersThatGiveConnectionDetails() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
                .withUserConfiguration(ServiceConnectionGuideSnippets.Containers.class)
                .run(context -> {
                    assertThat(context).hasSingleBean(KafkaContainer.class);
                    assertThat(context.getBean(ProducerConnectionDetails.class).getSecurityProtocol())
                            .isEqualTo("PLAINTEXT");
                });
    }

    private static List<String> blocks(String language) throws IOException {
        String guide = Files.readString(REPOSITORY.resolve("docs/guide/service-connections.md"));
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(guide);
        return block.results().map(found -> found.group(1)).toList();
    }

    private static String flat(String code) {
        return code.replaceAll("\\bstatic class", "class").replaceAll("\\s+", "");
    }
}
