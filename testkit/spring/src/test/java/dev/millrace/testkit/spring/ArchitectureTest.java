package dev.millrace.testkit.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.millrace.producer.internal.time.Backoff;
import dev.millrace.testkit.FakeCluster;
import java.net.URL;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.AbstractAssert;
import org.junit.jupiter.api.Test;

/** What the test support may use, of both its modules; each rule also finds a violation made for it. */
class ArchitectureTest {

    private static final ArchRule NO_INTERNALS_WITH_SPRING = noClasses()
            .that()
            .resideInAPackage("dev.millrace.testkit.spring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.millrace.producer.internal..")
            .because("the engine's internals change without notice");

    private static final ArchRule NO_KAFKA = noClasses()
            .that()
            .resideInAPackage("dev.millrace.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..")
            .because("an application that is tested has no client but ours");

    private static final ArchRule ASSERTJ_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.millrace.testkit.assertion..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.assertj..")
            .because("a test that uses other assertions does not bring it");

    private static final JavaClasses MAIN =
            new ClassFileImporter().importUrls(List.of(home(FakeCluster.class), home(ProducerTest.class)));

    private static URL home(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void looksAtTheRealClasses() {
        assertThat(MAIN.contain(FakeCluster.class)).isTrue();
        assertThat(MAIN.contain(ProducerTest.class)).isTrue();
        assertThat(MAIN.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void holds() {
        NO_INTERNALS_WITH_SPRING.check(MAIN);
        NO_KAFKA.check(MAIN);
        ASSERTJ_IN_ONE_PLACE.check(MAIN);
    }

    @Test
    void findsWhatIsPlanted() {
        assertFinds(NO_INTERNALS_WITH_SPRING, InternalsUser.class);
        assertFinds(NO_KAFKA, KafkaUser.class);
        assertFinds(ASSERTJ_IN_ONE_PLACE, AssertJUser.class);
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

    interface KafkaUser {
        ProducerRecord<?, ?> planted();
    }

    interface AssertJUser {
        AbstractAssert<?, ?> planted();
    }
}
