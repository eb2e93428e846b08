package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.observation.DefaultProducerObservationConvention;
import dev.millrace.spring.observation.ProducerObservation;
import dev.millrace.testkit.FakeCluster;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** docs/guide/observability.md says what is. */
class ObservabilityGuideTest {

    private static final Path REPOSITORY =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ProducerMetricsAutoConfiguration.class,
                    ProducerObservationAutoConfiguration.class,
                    ProducerAutoConfiguration.class,
                    ProducerHealthAutoConfiguration.class,
                    ProducersEndpointAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            // as an application has it, which takes enums in any spelling
            .withInitializer(
                    context -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
            .withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers());

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void startsWithEachOfItsConfigurations() throws IOException {
        Set<String> known = ConfigurationMetadataTest.propertiesBelow("app.producer.");
        List<String> blocks = blocks("yaml");
        assertThat(blocks).hasSize(4);
        for (String yaml : blocks) {
            List<String> pairs = new ArrayList<>();
            for (PropertySource<?> source :
                    new YamlPropertySourceLoader().load("guide", new ByteArrayResource(yaml.getBytes(UTF_8)))) {
                for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                    pairs.add(name + "=" + source.getProperty(name));
                }
            }
            assertThat(pairs)
                    .map(pair -> pair.substring(0, pair.indexOf('=')))
                    .filteredOn(name -> name.startsWith("app.producer"))
                    .allMatch(name -> known.contains(name) || name.startsWith("app.producer.metrics.tags."));
            runner.withPropertyValues(pairs.toArray(String[]::new)).run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(send(context.getBean(ProducerTemplate.class))).isTrue();
            });
        }
    }

    @Test
    void hasJavaThatIsCompiledAndRuns() throws IOException {
        String source = flat(Files.readString(REPOSITORY.resolve(
                "autoconfigure/src/test/java/dev/millrace/autoconfigure/ObservabilityGuideSnippets.java")));
        assertThat(blocks("java")).hasSize(2).allSatisfy(block -> assertThat(source)
                .contains(flat(block)));

        assertThat(new ObservabilityGuideSnippets.Conventions().withKeys())
                .isInstanceOf(DefaultProducerObservationConvention.class);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TestObservationRegistry observations = TestObservationRegistry.create();
        ProducerTemplate<String, String> template = ObservabilityGuideSnippets.withoutBoot(
                ProducerConfig.builder()
                        .bootstrapServers(cluster.bootstrapServers())
                        .build(),
                registry,
                observations);
        try {
            assertThat(send(template)).isTrue();
            assertThat(registry.get("kafka.producer.record.send.total")
                            .tag("region", "north")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            TestObservationRegistryAssert.assertThat(observations).hasObservationWithNameEqualTo("app.producer.send");
        } finally {
            ((DefaultProducerFactory<String, String>) template.getProducerFactory()).destroy();
        }
    }

    @Test
    void listsEveryMeter() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher row = Pattern.compile(
                        "^\\| `(app\\.producer\\.[a-z.]+)` \\| (timer|gauge|counter) \\|", Pattern.MULTILINE)
                .matcher(guide());
        while (row.find()) {
            listed.add(row.group(1));
        }
        Set<String> registered = registered();

        assertThat(listed)
                .isEqualTo(registered.stream()
                        .filter(name -> name.startsWith("app."))
                        .collect(Collectors.toCollection(TreeSet::new)));
        Set<String> beginnings =
                registered.stream().map(name -> name.replace('.', '_')).collect(Collectors.toSet());
        Matcher asked = Pattern.compile("(app|kafka)_producer_\\w+").matcher(String.join("\n", blocks("promql")));
        assertThat(asked.results().map(found -> found.group())).isNotEmpty().allMatch(name -> beginnings.stream()
                .anyMatch(name::startsWith));
    }

    @Test
    void listsEveryKeyOfAnObservation() throws IOException {
        String guide = guide();
        for (ProducerObservation observation : ProducerObservation.values()) {
            assertThat(guide).contains("| `" + observation.getName() + "` |");
            assertThat(Stream.of(observation.getLowCardinalityKeyNames(), observation.getHighCardinalityKeyNames())
                            .flatMap(Stream::of)
                            .map(KeyName::asString))
                    .allMatch(key -> guide.contains("`" + key + "`"));
        }
    }

    private Set<String> registered() {
        Set<String> names = new TreeSet<>();
        runner.withPropertyValues(
                        "app.producer.transaction.id-prefix=guide-",
                        "app.producer.template.allow-non-transactional=true")
                .withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP)
                .run(context -> {
                    assertThat(send(context.getBean(ProducerTemplate.class))).isTrue();
                    context.getBean(MeterRegistry.class)
                            .getMeters()
                            .forEach(meter -> names.add(meter.getId().getName()));
                });
        return names;
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static boolean send(ProducerTemplate<?, ?> template) {
        ProducerTemplate<String, String> texts = (ProducerTemplate<String, String>) template;
        boolean isDelivered = texts.send("orders", "v")
                .orTimeout(30, TimeUnit.SECONDS)
                .join()
                .metadata()
                .hasOffset();
        texts.snapshot().join(); // behind what observers are told
        return isDelivered;
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(guide());
        return block.results().map(found -> found.group(1)).toList();
    }

    private static String flat(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }

    private static String guide() throws IOException {
        return Files.readString(REPOSITORY.resolve("docs/guide/observability.md"));
    }
}
