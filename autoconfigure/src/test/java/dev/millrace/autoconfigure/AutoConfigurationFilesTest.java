package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** The files by which Boot finds what this module has. */
class AutoConfigurationFilesTest {

    private static final String OURS = "dev.millrace.autoconfigure";

    @Test
    void listsEveryAutoConfiguration() {
        Set<String> annotated = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(OURS).stream()
                        .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());
        Set<String> listed =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith(OURS))
                        .collect(Collectors.toSet());

        assertThat(listed)
                .isEqualTo(annotated)
                .containsExactlyInAnyOrder(
                        ProducerAutoConfiguration.class.getName(),
                        ProducerTransactionAutoConfiguration.class.getName(),
                        NamedProducerAutoConfiguration.class.getName(),
                        ProducerSanitizingAutoConfiguration.class.getName(),
                        ProducerMetricsAutoConfiguration.class.getName(),
                        ProducerObservationAutoConfiguration.class.getName(),
                        ProducerHealthAutoConfiguration.class.getName(),
                        ProducersEndpointAutoConfiguration.class.getName(),
                        ProducerMessagingAutoConfiguration.class.getName(),
                        DevBrokerAutoConfiguration.class.getName());
    }

    @Test
    void offersNothingToCallOnAutoConfigurations() {
        for (Class<?> type : Set.of(
                ProducerAutoConfiguration.class,
                ProducerTransactionAutoConfiguration.class,
                NamedProducerAutoConfiguration.class,
                ProducerSanitizingAutoConfiguration.class,
                ProducerMetricsAutoConfiguration.class,
                ProducerMessagingAutoConfiguration.class,
                ProducerObservationAutoConfiguration.class,
                ProducerHealthAutoConfiguration.class,
                ProducersEndpointAutoConfiguration.class,
                DevBrokerAutoConfiguration.class)) {
            assertThat(Modifier.isFinal(type.getModifiers())).isTrue();
            assertThat(type.getConstructors()).isEmpty();
            assertThat(type.getDeclaredMethods())
                    .noneMatch(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic());
        }
    }

    @Test
    void indexesTheConditions() throws IOException {
        // all there are: the tests have an auto-configuration, and so a file, of their own
        Properties index = PropertiesLoaderUtils.loadAllProperties("META-INF/spring-autoconfigure-metadata.properties");

        assertThat(index)
                .containsEntry(
                        DevBrokerAutoConfiguration.class.getName() + ".ConditionalOnClass",
                        "dev.millrace.devbroker.DevCluster")
                .containsEntry(
                        DevBrokerAutoConfiguration.class.getName() + ".AutoConfigureBefore",
                        ProducerAutoConfiguration.class.getName())
                .containsKey(ProducerAutoConfiguration.class.getName() + ".ConditionalOnClass")
                .containsEntry(
                        ProducerMetricsAutoConfiguration.class.getName() + ".ConditionalOnClass",
                        "io.micrometer.core.instrument.MeterRegistry")
                .containsEntry(
                        ProducerObservationAutoConfiguration.class.getName() + ".ConditionalOnClass",
                        "io.micrometer.observation.ObservationRegistry")
                .containsKey(ProducerHealthAutoConfiguration.class.getName() + ".ConditionalOnClass")
                .containsKey(ProducersEndpointAutoConfiguration.class.getName() + ".ConditionalOnClass")
                .containsKey(ProducerTransactionAutoConfiguration.class.getName() + ".ConditionalOnClass")
                .containsEntry(
                        ProducerTransactionAutoConfiguration.class.getName() + ".AutoConfigureBefore",
                        "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration")
                .containsEntry(
                        ProducerTransactionAutoConfiguration.class.getName() + ".AutoConfigureOrder",
                        String.valueOf(Ordered.LOWEST_PRECEDENCE));
    }

    @Test
    void registersTheFailureAnalyzers() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
                        .load(FailureAnalyzer.class, (type, name, failure) -> {}))
                .extracting(analyzer -> analyzer.getClass().getSimpleName())
                .contains("ProducerConfigFailureAnalyzer", "AmbiguousSerializerFailureAnalyzer");
    }

    /** Each is made by its constructor without arguments, and is nobody else's to call. */
    @Test
    void registersTheFactoriesOfConnectionDetails() {
        List<?> registered =
                SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
                        .load(ConnectionDetailsFactory.class)
                        .stream()
                        .filter(factory -> factory.getClass().getName().startsWith(OURS))
                        .toList();
        Set<String> existing = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(OURS).stream()
                        .filter(type -> type.isAssignableTo(ConnectionDetailsFactory.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());

        assertThat(registered)
                .extracting(factory -> factory.getClass().getName())
                .containsExactlyInAnyOrderElementsOf(existing)
                .hasSize(4);
        assertThat(registered).allSatisfy(factory -> assertThat(
                        factory.getClass().getModifiers() & (Modifier.PUBLIC | Modifier.FINAL))
                .isEqualTo(Modifier.FINAL));
    }
}
