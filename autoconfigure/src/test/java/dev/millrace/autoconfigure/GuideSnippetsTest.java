package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.GuidePages.Snippet;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.testkit.FakeCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.PropertyPlaceholderHelper;

/**
 * No piece of code is on a page of docs/guide, or in the README, that is not tried.
 *
 * <p>Java stands word for word in a test whose name ends with {@code GuideTest} or {@code GuideIT}, of any module, or in a
 * class of snippets that such a test calls; or in the sample of a migration. Configurations are started here.
 */
class GuideSnippetsTest {

    /** Queries are tried by ObservabilityGuideTest; without a language are commands, and what they print. */
    private static final Set<String> LANGUAGES = Set.of("java", "yaml", "properties", "xml", "promql", "");

    private static final Set<String> FOR_TRUST = Set.of("truststore.certificate", "truststore.location");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
    private static final Pattern ANCHOR = Pattern.compile("]\\(([^)#:\\s]*)#([^)]+)\\)");
    private static final PropertyPlaceholderHelper PLACEHOLDERS = new PropertyPlaceholderHelper("${", "}");

    static Stream<Snippet> java() {
        return GuidePages.snippets().filter(snippet -> snippet.language().equals("java"));
    }

    static Stream<Snippet> configurations() {
        return GuidePages.snippets()
                .filter(snippet -> Set.of("yaml", "properties").contains(snippet.language()));
    }

    @ParameterizedTest
    @MethodSource("java")
    void isInATest(Snippet snippet) {
        String wanted = flat(snippet.text());

        assertThat(sources().stream().anyMatch(source -> flat(source).contains(wanted)))
                .as("a test has it, word for word")
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void starts(Snippet snippet) throws IOException {
        Map<String, String> properties = properties(snippet);
        Set<String> known = ConfigurationMetadataTest.propertiesBelow("app.producer.");

        assertThat(properties.keySet())
                .filteredOn(name -> name.startsWith("app.producer"))
                .allMatch(name -> isKnown(name, known));
        try (FakeCluster cluster = FakeCluster.builder().start()) {
            prepare(properties, cluster.bootstrapServers());
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            SslAutoConfiguration.class,
                            ProducerMetricsAutoConfiguration.class,
                            ProducerObservationAutoConfiguration.class,
                            ProducerAutoConfiguration.class,
                            NamedProducerAutoConfiguration.class,
                            ProducerTransactionAutoConfiguration.class,
                            ProducerHealthAutoConfiguration.class,
                            ProducersEndpointAutoConfiguration.class))
                    .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                    .withBean(ObservationRegistry.class, ObservationRegistry::create)
                    .withInitializer(context ->
                            context.getEnvironment().setConversionService(new ApplicationConversionService()))
                    .withPropertyValues(properties.entrySet().stream()
                            .map(property -> property.getKey() + "=" + property.getValue())
                            .toArray(String[]::new))
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void hasOnlyLanguagesThatAreTried() {
        assertThat(GuidePages.snippets().map(Snippet::language)).isNotEmpty().isSubsetOf(LANGUAGES);
    }

    @Test
    void namesModulesThatExist() {
        Set<String> modules = GuidePages.in(GuidePages.REPOSITORY, "pom.xml").stream()
                .map(GuidePages::read)
                .map(pom -> pom.substring(0, pom.indexOf("<name>")))
                .flatMap(pom -> Pattern.compile("<artifactId>(millrace-[a-z-]+)</artifactId>")
                        .matcher(pom)
                        .results())
                .map(found -> found.group(1))
                .collect(Collectors.toSet());

        assertThat(GuidePages.snippets()
                        .filter(snippet -> snippet.language().equals("xml"))
                        .flatMap(snippet -> Pattern.compile("<artifactId>(millrace-[^<]+)</artifactId>")
                                .matcher(snippet.text())
                                .results())
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .isSubsetOf(modules);
    }

    @Test
    void isListedPageByPage() {
        String index = GuidePages.page("README.md");

        assertThat(GuidePages.in(GuidePages.GUIDE, ".md"))
                .map(page -> String.valueOf(page.getFileName()))
                .filteredOn(name -> !name.equals("README.md"))
                .allMatch(name -> index.contains("](" + name + ")"));
    }

    @Test
    void linksToHeadingsThatExist() {
        for (Path page : GuidePages.all()) {
            ANCHOR.matcher(GuidePages.read(page)).results().forEach(link -> {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                assertThat(anchors(target))
                        .as("%s: %s", page.getFileName(), link.group())
                        .contains(link.group(2));
            });
        }
    }

    private static List<String> sources() {
        List<Path> files = new ArrayList<>();
        for (Path file : GuidePages.in(GuidePages.REPOSITORY, ".java")) {
            String name = String.valueOf(file.getFileName());
            if (isTest(name)
                    || (name.endsWith("GuideSnippets.java") && isCalled(file))
                    || file.toString().contains("/samples/migration/")) {
                files.add(file);
            }
        }
        return files.stream().map(GuidePages::read).toList();
    }

    private static boolean isTest(String name) {
        return name.endsWith("GuideTest.java") || name.endsWith("GuideIT.java");
    }

    /** By a test beside it. */
    private static boolean isCalled(Path snippets) {
        String type = String.valueOf(snippets.getFileName()).replace(".java", "");
        Path directory = snippets.resolveSibling("");
        return GuidePages.in(directory, ".java").stream()
                .filter(file -> isTest(String.valueOf(file.getFileName())))
                .anyMatch(test -> GuidePages.read(test).contains(type));
    }

    /** Whatever line breaks the formatter makes, what tests need and pages do not, and where the cluster is. */
    private static String flat(String code) {
        return code.replaceAll("@Nullable|\\bstatic |\\s+", "")
                .replaceAll("\"(localhost|kafka-1):9092\"", "bootstrapServers");
    }

    private static Map<String, String> properties(Snippet snippet) throws IOException {
        Map<String, String> properties = new TreeMap<>();
        if (snippet.language().equals("properties")) {
            Properties read = new Properties();
            read.load(new StringReader(snippet.text()));
            read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name, "")));
            return properties;
        }
        for (PropertySource<?> source : new YamlPropertySourceLoader()
                .load("guide", new ByteArrayResource(snippet.text().getBytes(UTF_8)))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                properties.put(name, String.valueOf(source.getProperty(name)));
            }
        }
        return properties;
    }

    /** A name of the metadata's, an entry of a map, or one of those of a named producer. */
    private static boolean isKnown(String name, Set<String> known) {
        String plain = name.replaceAll("\\[\\d+]$", "")
                .replaceFirst("^app\\.producer\\.instance\\.[a-z0-9-]+\\.", "app.producer.");
        return known.contains(plain)
                || Stream.of("properties.", "json.type-names.", "metrics.tags.", "sasl.oauth.extensions.")
                        .anyMatch(map -> plain.startsWith("app.producer." + map));
    }

    /** Puts what is here in the place of what only an application has: its environment, its files, its classes, its cluster. */
    private static void prepare(Map<String, String> properties, String bootstrapServers) throws IOException {
        Path directory = Files.createTempDirectory("guide");
        Path authority = Files.writeString(
                directory.resolve("ca.crt"),
                DevCertificates.create().authority().certificatePem());
        properties.replaceAll((name, value) ->
                PLACEHOLDERS.replacePlaceholders(value, placeholder -> placeholder.toLowerCase(Locale.ROOT)));
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String name = property.getKey();
            if (name.startsWith("spring.ssl.bundle.") && FOR_TRUST.stream().anyMatch(name::endsWith)) {
                property.setValue(authority.toString());
            } else if (name.contains("json.type-names.")) {
                property.setValue(GuideTest.Order.class.getName());
            } else if (name.endsWith("undelivered-records.file")) {
                property.setValue(directory.resolve("undelivered.jsonl").toString());
            } else if (name.endsWith("bootstrap-servers")) {
                property.setValue(bootstrapServers);
            }
        }
        properties.putIfAbsent("app.producer.bootstrap-servers", bootstrapServers);
        String bundle = properties.get("app.producer.ssl.bundle");
        if (bundle != null) { // a page may show the name only
            properties.putIfAbsent("spring.ssl.bundle.pem." + bundle + ".truststore.certificate", authority.toString());
        }
    }

    private static Set<String> anchors(Path page) {
        return HEADING.matcher(GuidePages.read(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
