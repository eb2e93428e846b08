package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** When a broker is started. */
class DevBrokerAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DevBrokerAutoConfiguration.class, ProducerAutoConfiguration.class));

    /** Without the producer, so nobody asks the cluster, which is not started, for its addresses. */
    private final ApplicationContextRunner brokerOnly = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DevBrokerAutoConfiguration.class))
            .withBean("mine", DevCluster.class, () -> DevCluster.builder().build());

    @Test
    void connectsToAClusterOfTheApplications() {
        brokerOnly.run(context ->
                assertThat(context).hasSingleBean(DevCluster.class).hasSingleBean(DevBrokerConnectionDetails.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", " , "})
    void takesBlankBootstrapServersForUnset(String blank) {
        brokerOnly.withPropertyValues("app.producer.bootstrap-servers=" + blank).run(context -> assertThat(context)
                .hasSingleBean(DevBrokerConnectionDetails.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.producer.bootstrap-servers=a:1",
                "app.producer.bootstrap-servers[0]=a:1",
                "app.producer.dev-broker.enabled=false",
                "app.producer.enabled=false"
            })
    void startsNoneIfAPropertySaysSo(String property) {
        runner.withPropertyValues(property).run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(DevCluster.class)
                .doesNotHaveBean(DevBrokerConnectionDetails.class));
    }

    @Test
    void startsNoneIfTheApplicationSaysWhereTheClusterIs() {
        runner.withBean(ProducerConnectionDetails.class, () -> () -> List.of("a:1"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(DevCluster.class)
                        .hasSingleBean(ProducerConnectionDetails.class));
    }

    @Test
    void startsNoneIfItIsNotOnTheClassPath() {
        runner.withClassLoader(new FilteredClassLoader(DevCluster.class))
                .run(context ->
                        assertThat(context).hasNotFailed().hasSingleBean(PropertiesProducerConnectionDetails.class));
    }

    @Test
    void refusesANumberOfNodesThatCannotBe() {
        runner.withPropertyValues("app.producer.dev-broker.nodes=12").run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, refusal -> {
                    assertThat(refusal.getName()).isEqualTo("app.producer.dev-broker.nodes");
                    assertThat(refusal.getReason())
                            .isEqualTo("The development broker says: nodes=12 is not between 1 and 9");
                }));
    }

    @Test
    void startsNoneAndIsLeftOutWhenProcessedAheadOfTime() {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        System.setProperty("spring.aot.processing", "true");
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(DevBrokerAutoConfiguration.class, ProducerAutoConfiguration.class);
            DefaultGenerationContext generation =
                    new DefaultGenerationContext(new ClassNameGenerator(ClassName.get("test", "App")), files);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
        } finally {
            System.clearProperty("spring.aot.processing");
        }
        assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anyMatch(name -> name.contains("ProducerAutoConfiguration"))
                .noneMatch(name -> name.contains("DevBroker") && !name.contains("DevBrokerProperties"));
    }
}
