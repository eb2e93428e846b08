package dev.millrace.producer.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.architecture.ModuleArrows.Dependency;
import dev.millrace.producer.architecture.ModuleArrows.Module;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the Maven modules hold, and the check finds violations made for it. */
class ModuleArrowsTest {

    private final Path repository = EngineClasses.repository();

    @Test
    void readsAllModules() throws IOException {
        assertThat(ModuleArrows.read(repository))
                .extracting(Module::name)
                .contains("dev-broker", "engine", "testkit", "spring", "autoconfigure", "starter", "benchmarks")
                .contains("samples", "testkit/spring");
    }

    /** One that is a directory deeper than the others. */
    @Test
    void readsTheSampleOfAMigration() throws IOException {
        assertThat(ModuleArrows.read(repository))
                .flatExtracting(Module::dependencies)
                .extracting(Dependency::artifactId)
                .contains("spring-boot-starter-kafka");
    }

    @Test
    void modulesDependOnWhatTheyMay() throws IOException {
        assertThat(ModuleArrows.violations(ModuleArrows.read(repository))).isEmpty();
    }

    @Test
    void theStarterHasNoSources() throws IOException {
        assertThat(ModuleArrows.sources(repository.resolve("starter"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "dev-broker, dev.millrace, millrace-engine, compile",
        "dev-broker, dev.millrace, millrace-engine, test",
        "engine, dev.millrace, millrace-spring, compile",
        "engine, dev.millrace, millrace-testkit, compile",
        "testkit, dev.millrace, millrace-spring, compile",
        "testkit/spring, dev.millrace, millrace-dev-broker, compile",
        "autoconfigure, dev.millrace, millrace-testkit-spring, compile",
        "spring, dev.millrace, millrace-benchmarks, test",
        "autoconfigure, dev.millrace, millrace-dev-broker, compile",
        "starter, dev.millrace, millrace-sample-quickstart, compile",
        "engine, org.apache.kafka, kafka-clients, compile",
        "spring, org.apache.kafka, kafka-clients, runtime",
        "autoconfigure, org.springframework.boot, spring-boot-kafka, compile",
        "unheard-of, dev.millrace, millrace-engine, compile",
    })
    void findsAForbiddenDependency(String module, String groupId, String artifactId, String scope) {
        Dependency planted = new Dependency(groupId, artifactId, scope, false);

        assertThat(ModuleArrows.violations(List.of(new Module(module, List.of(planted)))))
                .containsExactly(module + " -> " + artifactId);
    }

    @Test
    void findsASourceOfTheStarter(@TempDir Path module) throws IOException {
        Path source = module.resolve("src/main/java/Planted.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class Planted {}");

        assertThat(ModuleArrows.sources(module)).containsExactly(source);
    }

    @Test
    void readsDependenciesButNotManagedOnes() throws IOException {
        String pom =
                """
                <project>
                  <dependencyManagement><dependencies>
                    <dependency><groupId>managed</groupId><artifactId>managed</artifactId></dependency>
                  </dependencies></dependencyManagement>
                  <dependencies>
                    <dependency>
                      <groupId>g</groupId><artifactId>a</artifactId><scope>test</scope><optional>true</optional>
                    </dependency>
                  </dependencies>
                </project>
                """;

        assertThat(ModuleArrows.dependencies(new ByteArrayInputStream(pom.getBytes(UTF_8))))
                .containsExactly(new Dependency("g", "a", "test", true));
    }
}
