package dev.millrace.autoconfigure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.millrace.producer.internal.time.Backoff;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container;

/** The arrows that leave this module, each with a proof that the rule finds a violation. */
class ArchitectureTest {

    private static final ArchRule NO_ENGINE_INTERNALS = noClasses()
            .that()
            .resideInAPackage("dev.millrace.autoconfigure..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.millrace.producer.internal..")
            .because("the engine's internals change without notice");

    private static final ArchRule NO_KAFKA = noClasses()
            .that()
            .resideInAPackage("dev.millrace.autoconfigure..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
            .because("nothing of the reference client runs in production");

    /** What runs in production must not need what is there for tests. */
    private static final ArchRule CONTAINERS_APART = noClasses()
            .that()
            .resideInAPackage("dev.millrace.autoconfigure")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.testcontainers..",
                    "org.springframework.boot.testcontainers..",
                    "org.springframework.boot.docker..",
                    "dev.millrace.autoconfigure.testcontainers..",
                    "dev.millrace.autoconfigure.compose..");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.millrace.autoconfigure");

    @Test
    void looksAtTheRealClasses() {
        assertThat(MAIN.contain(ProducerAutoConfiguration.class)).isTrue();
        assertThat(MAIN.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void usesNoEngineInternals() {
        NO_ENGINE_INTERNALS.check(MAIN);
    }

    @Test
    void usesNoKafkaClient() {
        NO_KAFKA.check(MAIN);
    }

    @Test
    void keepsContainersApart() {
        CONTAINERS_APART.check(MAIN);
    }

    @Test
    void findsAPlantedUseOfContainers() {
        assertFinds(CONTAINERS_APART, ContainerUser.class);
    }

    @Test
    void findsAPlantedUseOfEngineInternals() {
        assertFinds(NO_ENGINE_INTERNALS, InternalsUser.class);
    }

    @Test
    void findsAPlantedUseOfKafka() {
        assertFinds(NO_KAFKA, KafkaUser.class);
    }

    private static void assertFinds(ArchRule rule, Class<?> planted) {
        JavaClasses violation = new ClassFileImporter().importClasses(planted);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> rule.check(violation))
                .withMessageContaining(planted.getSimpleName());
    }

    interface InternalsUser {
        Backoff planted();
    }

    interface ContainerUser {
        Container<?> planted();
    }

    interface KafkaUser {
        ProducerRecord<?, ?> planted();
    }
}
