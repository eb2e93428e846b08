package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.ProducerTransactionManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.javapoet.ClassName;

/** docs/guide/native.md says what is; what it says of builds and runs is in {@link AheadOfTimeTest}. */
class NativeGuideTest {

    private static final Path REPOSITORY =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    @Test
    void startsWithItsConfiguration() throws IOException {
        Set<String> known = ConfigurationMetadataTest.propertiesBelow("app.producer.");
        List<String> pairs = new ArrayList<>(List.of("POD_NAMESPACE=north", "POD_NAME=shop-0"));
        for (PropertySource<?> source : new YamlPropertySourceLoader()
                .load("guide", new ByteArrayResource(only("yaml").getBytes(UTF_8)))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                assertThat(known).contains(name);
                pairs.add(name + "=" + source.getProperty(name));
            }
        }

        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ProducerAutoConfiguration.class, ProducerTransactionAutoConfiguration.class))
                .withPropertyValues(pairs.toArray(String[]::new))
                .run(context -> assertThat(context).hasSingleBean(ProducerTransactionManager.class));
    }

    @Test
    void keepsThePayload() throws IOException {
        assertThat(Files.readString(REPOSITORY.resolve(
                                "autoconfigure/src/test/java/dev/millrace/autoconfigure/NativeGuideTest.java"))
                        .replaceAll("static |\\s+", ""))
                .contains(only("java").replaceAll("\\s+", ""));

        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("test", "App")), new InMemoryGeneratedFiles());
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Payloads.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(OrderPlaced.class, "number"))
                .accepts(generation.getRuntimeHints());
    }

    private static String only(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(REPOSITORY.resolve("docs/guide/native.md")));
        List<String> blocks = block.results().map(found -> found.group(1)).toList();
        assertThat(blocks).hasSize(1);
        return blocks.get(0);
    }

    record OrderPlaced(int number) {}

    @Configuration(proxyBeanMethods = false)
    @RegisterReflectionForBinding(OrderPlaced.class)
    static class Payloads {}
}
