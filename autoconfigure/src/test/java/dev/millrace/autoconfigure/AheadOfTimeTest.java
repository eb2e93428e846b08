package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.SendResult;
import dev.millrace.testkit.FakeCluster;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.transaction.annotation.Transactional;

/** Applications that are processed ahead of time: with some properties when they are built, and others when they run. */
class AheadOfTimeTest {

    private static final String SERIALIZER = "app.producer.value-serializer=" + Shouting.class.getName();

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 1).topic("events", 1).start();
    private final String servers = "app.producer.bootstrap-servers=" + cluster.bootstrapServers();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    /** The environment of a pod names what the build knows nothing of. */
    @Test
    @CompileWithForkedClassLoader
    void hasTheNamedProducersOfTheRunAndNotThoseOfTheBuild() {
        run(
                List.of("app.producer.instance.audit.linger=1ms"),
                List.of(servers, "app.producer.instance.events.client-id=of-the-run", "app.producer.linger=3ms"),
                context -> {
                    assertThat(context.getBean("eventsProducerFactory", DefaultProducerFactory.class)
                                    .getConfig()
                                    .clientId())
                            .isEqualTo("of-the-run");
                    send(context, "eventsProducerTemplate", "events");
                    send(context, "producerTemplate", "orders");
                    assertThat(context.containsBean("auditProducerTemplate")).isFalse();
                });
    }

    /** Its secrets are not there when it is built. */
    @Test
    @CompileWithForkedClassLoader
    void isBuiltWithoutWhatPlaceholdersStandFor() {
        List<String> properties = List.of(
                "app.producer.bootstrap-servers=${CLUSTER}",
                "app.producer.linger=${LINGER}",
                "app.producer.template.allow-non-transactional=true",
                "app.producer.transaction.id-prefix=${TX_PREFIX}",
                "app.producer.instance.events.batch-size=${BATCH}",
                "app.producer.instance.events.sasl.password=${PASSWORD}");
        run(
                properties,
                Stream.concat(
                                properties.stream(),
                                Stream.of(
                                        "CLUSTER=" + cluster.bootstrapServers(),
                                        "LINGER=1ms",
                                        "TX_PREFIX=shop-",
                                        "BATCH=32KB",
                                        "PASSWORD="))
                        .toList(),
                context -> {
                    assertThat(context.getBeansOfType(ProducerTransactionManager.class))
                            .containsOnlyKeys("producerTransactionManager", "eventsProducerTransactionManager");
                    send(context, "eventsProducerTemplate", "events");
                });
    }

    @Test
    @CompileWithForkedClassLoader
    void takesThePrefixOfTransactionsFromTheRunIfTheBuildEnablesThem() {
        run(
                List.of("app.producer.transaction.enabled=true"),
                List.of(servers, "app.producer.transaction.enabled=true", "app.producer.transaction.id-prefix=pod-7-"),
                context -> {
                    context.getBean(Shop.class).order();
                    assertThat(cluster.records("orders")).hasSize(1);
                });
    }

    @Test
    @CompileWithForkedClassLoader
    void saysThatTheBuildHasToEnableTransactions() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() ->
                        run(List.of(), List.of(servers, "app.producer.transaction.id-prefix=pod-7-"), context -> {}))
                .satisfies(failure -> assertThat(new ProducerConfigFailureAnalyzer().analyze(failure))
                        .extracting(analysis -> Objects.requireNonNull(analysis).getDescription())
                        .asString()
                        .contains(
                                "app.producer.transaction.enabled",
                                "must be true when the application is processed ahead of time"));
    }

    /** Which only the build can make work: there is nothing that looks for the annotation. */
    @Test
    @CompileWithForkedClassLoader
    void warnsOfNamedProducersWhoseAnnotatedMethodsHaveNoTransaction() {
        try (CapturedLog log = CapturedLog.of(TransactionSetup.class)) {
            run(
                    List.of(),
                    List.of(
                            servers,
                            "app.producer.instance.order-events.transaction.id-prefix=pod-7-",
                            "app.producer.instance.order-events.transaction.instance-id=7"),
                    context -> assertThat(context.getBean("orderEventsProducerTransactionManager"))
                            .isInstanceOf(ProducerTransactionManager.class));
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains("app.producer.instance.order-events.transaction.enabled=true", "@Transactional");
        }
    }

    @Test
    @CompileWithForkedClassLoader
    void startsAndFindsSerializersByTheirQualifiers() {
        run(List.of(), List.of(servers), QualifiedSerializer.class, context -> {
            send(context, "producerTemplate", "orders");
            assertThat(cluster.records("orders")).singleElement().satisfies(record -> assertThat(record.valueText())
                    .isEqualTo("VALUE!"));
        });
    }

    @Test
    void hasHintsForTheClassesThatPropertiesName() {
        RuntimeHints hints = hints(
                SERIALIZER,
                "app.producer.instance.events.key-serializer=" + Whispering.class.getName(),
                "app.producer.instance.events.value-serializer=json",
                "app.producer.json.type-names.order=" + Order.class.getName(),
                "app.producer.json.type-names.gone=com.example.Gone");

        assertThat(Stream.of(Shouting.class, Whispering.class))
                .allSatisfy(type -> assertThat(RuntimeHintsPredicates.reflection()
                                .onType(type)
                                .withMemberCategories(
                                        MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                                        MemberCategory.INVOKE_DECLARED_METHODS,
                                        MemberCategory.ACCESS_DECLARED_FIELDS))
                        .accepts(hints));
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Order.class, "id"))
                .accepts(hints);
    }

    @Test
    void hasHintsForEveryGroupOfProperties() {
        RuntimeHints hints = hints();

        for (Class<?> group : List.of(
                ProducerProperties.class,
                ConnectionProperties.class,
                CompressionProperties.class,
                MetadataProperties.class,
                MetricsProperties.class,
                HealthProperties.class,
                TelemetryProperties.class,
                PartitionerProperties.class,
                SecurityProperties.class,
                SslProperties.class,
                SaslProperties.class,
                OAuthProperties.class,
                LoginRefreshProperties.class,
                TransactionProperties.class,
                TemplateProperties.class,
                DevBrokerProperties.class,
                JsonProperties.class,
                UndeliveredRecordsProperties.class)) {
            assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(group.getDeclaredConstructors()[0]))
                    .as(group.getSimpleName())
                    .accepts(hints);
            Stream.of(group.getDeclaredMethods())
                    .filter(method -> method.getName().startsWith("set"))
                    .forEach(setter -> assertThat(
                                    RuntimeHintsPredicates.reflection().onMethodInvocation(setter))
                            .as(setter.toString())
                            .accepts(hints));
        }
    }

    private void run(List<String> atBuild, List<String> atRun, Consumer<ConfigurableApplicationContext> judge) {
        run(atBuild, atRun, Application.class, judge);
    }

    /** Builds an application, and starts what was built. */
    private static void run(
            List<String> atBuild,
            List<String> atRun,
            Class<?> configuration,
            Consumer<ConfigurableApplicationContext> judge) {
        TestGenerationContext generation = new TestGenerationContext(ClassName.get("test", "App"));
        ClassName initializer = build(atBuild, configuration, generation);
        TestCompiler.forSystem().with(generation).compile(compiled -> {
            System.setProperty("spring.aot.enabled", "true");
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                TestPropertyValues.of(atRun).applyTo(context);
                start(compiled.getInstance(ApplicationContextInitializer.class, initializer.canonicalName()), context);
                judge.accept(context);
            } finally {
                System.clearProperty("spring.aot.enabled");
            }
        });
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // it is made for contexts of this kind
    private static void start(ApplicationContextInitializer initializer, GenericApplicationContext context) {
        initializer.initialize(context);
        context.refresh();
    }

    private static ClassName build(List<String> properties, Class<?> configuration, TestGenerationContext generation) {
        System.setProperty("spring.aot.processing", "true");
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(properties).applyTo(context);
            context.register(configuration);
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return initializer;
        } finally {
            System.clearProperty("spring.aot.processing");
        }
    }

    private static RuntimeHints hints(String... properties) {
        TestGenerationContext generation = new TestGenerationContext(ClassName.get("test", "App"));
        build(List.of(properties), Application.class, generation);
        return generation.getRuntimeHints();
    }

    @SuppressWarnings("unchecked") // of text
    private static void send(ConfigurableApplicationContext context, String template, String topic) {
        context.getBean(template, ProducerTemplate.class)
                .send(topic, "value")
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DevBrokerAutoConfiguration.class,
        ProducerAutoConfiguration.class,
        ProducerTransactionAutoConfiguration.class,
        NamedProducerAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    static class Application {

        @Bean
        Shop shop(ProducerTemplate<String, String> template) {
            return new Shop(template);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ProducerAutoConfiguration.class)
    static class QualifiedSerializer {

        @Bean
        @Qualifier("producerValueSerializer")
        Serializer<String> loud() {
            return new Shouting();
        }

        @Bean
        Serializer<String> quiet() {
            return new Whispering();
        }
    }

    /** An ordinary bean; its proxy is a subclass, which the build makes. */
    static class Shop {

        private final ProducerTemplate<String, String> template;

        @Autowired
        Shop(ProducerTemplate<String, String> template) {
            this.template = template;
        }

        @Transactional
        void order() {
            CompletableFuture<SendResult<String, String>> unused = template.send("orders", "value");
        }
    }

    static final class Shouting implements Serializer<String> {

        @Override
        public byte @Nullable [] serialize(String topic, String data) {
            return Serializers.string().serialize(topic, data.toUpperCase(Locale.ROOT) + "!");
        }
    }

    static final class Whispering implements Serializer<String> {

        @Override
        public byte @Nullable [] serialize(String topic, String data) {
            return Serializers.string().serialize(topic, "(" + data + ")");
        }
    }

    record Order(String id) {}
}
