package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Acks;
import dev.millrace.producer.config.HostAndPort;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.serialization.DelegatingSerializer;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.transaction.PlatformTransactionManager;

/** Producers under {@code app.producer.instance}. */
class NamedProducersTest {

    private static final String ORDERS = "app.producer.instance.orders.";
    private static final String EVENTS = "app.producer.instance.order-events.";
    private static final String WITHOUT_DEFAULT = "app.producer.default-producer.enabled=false";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ProducerAutoConfiguration.class,
                    ProducerTransactionAutoConfiguration.class,
                    NamedProducerAutoConfiguration.class,
                    TransactionAutoConfiguration.class));

    @Test
    void inheritsAndOverrides() {
        runner.withPropertyValues(
                        "app.producer.bootstrap-servers=a:1,b:2",
                        "app.producer.acks=1",
                        "app.producer.linger=7ms",
                        "app.producer.connection.max-idle=1m",
                        "app.producer.connection.setup-timeout=3s",
                        "app.producer.close-timeout=3s",
                        ORDERS + "linger=9ms",
                        ORDERS + "connection.max-idle=2m",
                        ORDERS + "bootstrap-servers=c:3",
                        ORDERS + "value-serializer=bytes",
                        "app.producer.template.default-topic=all",
                        EVENTS + "template.default-topic=events",
                        EVENTS + "acks=0")
                .run(context -> {
                    ProducerConfig orders =
                            factory(context, "ordersProducerFactory").getConfig();
                    assertThat(orders.delivery().acks()).isEqualTo(Acks.LEADER);
                    assertThat(orders.batching().linger()).isEqualTo(Duration.ofMillis(9));
                    assertThat(orders.network().connectionMaxIdle()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(orders.network().connectionSetupTimeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(orders.bootstrapServers()).containsExactly(new HostAndPort("c", 3));
                    assertThat(factory(context, "ordersProducerFactory").getCloseTimeout())
                            .isEqualTo(Duration.ofSeconds(3));
                    ProducerConfig events =
                            factory(context, "orderEventsProducerFactory").getConfig();
                    assertThat(events.delivery().acks()).isEqualTo(Acks.NONE);
                    assertThat(events.bootstrapServers())
                            .containsExactly(new HostAndPort("a", 1), new HostAndPort("b", 2));
                    assertThat(defaultTopic(context, "producerTemplate")).isEqualTo("all");
                    assertThat(defaultTopic(context, "orderEventsProducerTemplate"))
                            .isEqualTo("events");
                    assertThat(defaultTopic(context, "ordersProducerTemplate")).isNull();
                    ProducerConfig unnamed = factory(context, "producerFactory").getConfig();
                    assertThat(unnamed.batching().linger()).isEqualTo(Duration.ofMillis(7));
                    assertThat(context.getBean("ordersProducerSerializers", ProducerSerializers.class)
                                    .value())
                            .isSameAs(Serializers.named("bytes"));
                    assertThat(context.getBean("orderEventsProducerSerializers", ProducerSerializers.class)
                                    .value())
                            .isInstanceOf(DelegatingSerializer.class);
                });
    }

    @Test
    void injectsTheDefaultProducerWithoutAQualifierAndTheNamedOneWithIt() {
        runner.withPropertyValues(ORDERS + "linger=9ms", EVENTS + "linger=8ms")
                .withUserConfiguration(Qualified.class)
                .run(context -> {
                    Injected injected = context.getBean(Injected.class);
                    assertThat(injected.unqualified()).isSameAs(context.getBean("producerTemplate"));
                    assertThat(injected.factory()).isSameAs(context.getBean("producerFactory"));
                    assertThat(injected.orders()).isSameAs(context.getBean("ordersProducerTemplate"));
                    assertThat(injected.orders().getProducerFactory())
                            .isSameAs(context.getBean("ordersProducerFactory"));
                    assertThat(context.getBean(ProducerTemplate.class)).isSameAs(injected.unqualified());
                });
    }

    @Test
    void injectsTheOnlyNamedProducerIfThereIsNoDefaultOne() {
        runner.withPropertyValues(WITHOUT_DEFAULT, ORDERS + "linger=9ms")
                .withUserConfiguration(Unqualified.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean("producerTemplate").doesNotHaveBean("producerFactory");
                    assertThat(context.getBean("user", ProducerOperations.class))
                            .isSameAs(context.getBean("ordersProducerTemplate"));
                });
    }

    @Test
    void saysHowToChooseAmongSeveralWithoutADefaultOne() {
        runner.withPropertyValues(WITHOUT_DEFAULT, ORDERS + "linger=9ms", EVENTS + "linger=8ms")
                .withUserConfiguration(Unqualified.class)
                .run(context -> {
                    FailureAnalysis analysis = analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    """
                            A ProducerTemplate is needed, and any of 2 producers could be meant:

                                - orderEventsProducerTemplate
                                - ordersProducerTemplate\
                            """);
                    assertThat(analysis.getAction())
                            .contains(
                                    "@Qualifier(\"orderEventsProducerTemplate\")",
                                    "remove app.producer.default-producer.enabled=false");
                });
    }

    @Test
    void leavesOtherAmbiguitiesToBoot() {
        runner.withBean("one", String.class, () -> "1")
                .withBean("two", String.class, () -> "2")
                .withBean("user", Integer.class, () -> 0)
                .run(context -> assertThat(new AmbiguousProducerFailureAnalyzer()
                                .analyze(new org.springframework.beans.factory.NoUniqueBeanDefinitionException(
                                        String.class, List.of("one", "two"))))
                        .isNull());
    }

    @Test
    void foldsTheSpellingsOfEnvironmentVariables() {
        runner.withPropertyValues(EVENTS + "linger=8ms", "app.producer.instance.orderEvents.retries=3")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment",
                                Map.of(
                                        "APP_PRODUCER_INSTANCE_ORDEREVENTS_ACKS",
                                        "1",
                                        "APP_PRODUCER_INSTANCE_ORDER_EVENTS_LINGER",
                                        "4"))))
                .run(context -> {
                    assertThat(context.getBeanNamesForType(ProducerFactory.class))
                            .containsExactlyInAnyOrder("producerFactory", "orderEventsProducerFactory");
                    ProducerConfig config =
                            factory(context, "orderEventsProducerFactory").getConfig();
                    assertThat(config.delivery().acks()).isEqualTo(Acks.LEADER);
                    assertThat(config.delivery().retries()).isEqualTo(3);
                    assertThat(config.batching().linger()).isEqualTo(Duration.ofMillis(4));
                });
    }

    @Test
    void namesAProducerByAnEnvironmentVariableAlone() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment", Map.of("APP_PRODUCER_INSTANCE_AUDIT_ACKS", "1"))))
                .run(context -> assertThat(factory(context, "auditProducerFactory")
                                .getConfig()
                                .delivery()
                                .acks())
                        .isEqualTo(Acks.LEADER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "1st", "Orders", "order_events", "orders-", "a--b", "[or.ders]"})
    void refusesNamesThatCannotBeOne(String name) {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "file",
                                Map.of(
                                        name.startsWith("[")
                                                ? "app.producer.instance" + name + ".linger"
                                                : "app.producer.instance." + name + ".linger",
                                        "5"))))
                .run(context -> assertThat(violation(context.getStartupFailure()))
                        .satisfies(violation -> {
                            assertThat(violation.value()).isEqualTo(name.replaceAll("[\\[\\]]", ""));
                            assertThat(violation.reason())
                                    .contains(name.equals("default") ? "choose another" : "such as order-events");
                            assertThat(violation.origin()).contains("property source \"file\"");
                        }));
    }

    @Test
    void refusesTwoSpellingsOfTheSameName() {
        runner.withPropertyValues(EVENTS + "linger=8ms", "app.producer.instance.ordere-vents.linger=8ms")
                .run(context -> assertThat(violation(context.getStartupFailure()))
                        .returns("app.producer.instance.ordere-vents", PropertyViolation::property)
                        .returns("is the same name as 'order-events'; use one of them", PropertyViolation::reason));
    }

    @ParameterizedTest
    @CsvSource({
        "app.producer.client-id=shop, shop-orders",
        "spring.application.name=web, web-producer-orders",
        "app.unrelated=1, producer-orders",
        "app.producer.instance.orders.client-id=mine, mine"
    })
    void derivesClientIds(String property, String clientId) {
        runner.withPropertyValues(property, ORDERS + "linger=9ms").run(context -> assertThat(
                        factory(context, "ordersProducerFactory").getConfig().clientId())
                .isEqualTo(clientId));
    }

    @ParameterizedTest
    @CsvSource({
        "app.producer.transaction.id-prefix=shop-, shop-orders-",
        "app.producer.transaction.enabled=true, web-tx-orders-",
        "app.producer.instance.orders.transaction.enabled=true, web-tx-orders-",
        "app.producer.instance.orders.transaction.id-prefix=mine-, mine-"
    })
    void derivesTransactionalIds(String property, String prefix) {
        runner.withPropertyValues("spring.application.name=web", property, ORDERS + "linger=9ms", EVENTS + "linger=9ms")
                .run(context -> {
                    assertThat(factory(context, "ordersProducerFactory")
                                    .getTransactionSettings()
                                    .idPrefix())
                            .isEqualTo(prefix);
                    boolean isForAll = !property.startsWith(ORDERS);
                    assertThat(context.getBeansOfType(ProducerTransactionManager.class))
                            .hasSize(isForAll ? 3 : 1);
                    assertThat(factory(context, "orderEventsProducerFactory").isTransactional())
                            .isEqualTo(isForAll);
                    assertThat(context.getBean(PlatformTransactionManager.class))
                            .isSameAs(context.getBean(
                                    isForAll ? "producerTransactionManager" : "ordersProducerTransactionManager"));
                });
    }

    @Test
    void leavesTransactionsOutForOneProducer() {
        runner.withPropertyValues("app.producer.transaction.id-prefix=shop-", ORDERS + "transaction.enabled=false")
                .run(context -> {
                    assertThat(factory(context, "ordersProducerFactory").isTransactional())
                            .isFalse();
                    assertThat(context).doesNotHaveBean("ordersProducerTransactionManager");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.producer.", "app.producer.instance.order-events."})
    void refusesTransactionalIdsThatAreAnothers(String other) {
        runner.withPropertyValues(other + "transaction.id-prefix=same-", ORDERS + "transaction.id-prefix=same-")
                .run(context -> assertThat(violation(context.getStartupFailure()))
                        .returns(ORDERS + "transaction.id-prefix", PropertyViolation::property)
                        .satisfies(violation -> assertThat(violation.reason())
                                .startsWith(
                                        "makes the same transactional ids as " + other + "transaction.id-prefix, ")));
    }

    @Test
    void usesConnectionDetailsUnlessTheProducerHasItsOwnCluster() {
        runner.withPropertyValues(
                        "app.producer.bootstrap-servers=property:1",
                        ORDERS + "bootstrap-servers=orders:3",
                        EVENTS + "linger=8ms")
                .withBean(ProducerConnectionDetails.class, () -> () -> List.of("details:2"))
                .run(context -> {
                    assertThat(servers(context, "producerFactory")).isEqualTo("[details:2]");
                    assertThat(servers(context, "orderEventsProducerFactory")).isEqualTo("[details:2]");
                    assertThat(servers(context, "ordersProducerFactory")).isEqualTo("[orders:3]");
                });
    }

    @Test
    void tellsWhereTheRefusedValueOfANamedProducerIsSet() {
        runner.withPropertyValues("app.producer.linger=-1", ORDERS + "batch-size=-2", WITHOUT_DEFAULT)
                .run(context -> {
                    InvalidProducerPropertiesException refusal = refusal(context.getStartupFailure());
                    assertThat(refusal.getViolations())
                            .extracting(PropertyViolation::property)
                            .containsExactly("app.producer.linger", ORDERS + "batch-size");
                    assertThat(refusal.getViolations())
                            .extracting(PropertyViolation::origin)
                            .containsExactly(
                                    "\"app.producer.linger\" from property source \"test\"",
                                    "\"" + ORDERS + "batch-size\" from property source \"test\"");
                });
    }

    @Test
    void prefersSerializersWithItsName() {
        Serializer<byte[]> bytes = Serializers.bytes();
        Serializer<Integer> ints = Serializers.integers();
        runner.withPropertyValues(ORDERS + "linger=9ms", EVENTS + "linger=8ms")
                .withBean("ordersProducerValueSerializer", Serializer.class, () -> bytes)
                .withBean("shared", Serializer.class, () -> ints)
                .run(context -> {
                    assertThat(valueSerializer(context, "ordersProducerSerializers"))
                            .isSameAs(bytes);
                    assertThat(valueSerializer(context, "orderEventsProducerSerializers"))
                            .isSameAs(ints);
                    assertThat(valueSerializer(context, "producerSerializers")).isSameAs(ints);
                });
    }

    @Test
    void tellsCustomizersWhichProducerItIs() {
        runner.withPropertyValues(ORDERS + "linger=9ms")
                .withBean(ProducerConfigCustomizer.class, ByName::new)
                .run(context -> {
                    assertThat(factory(context, "producerFactory").getConfig().clientId())
                            .isEqualTo("customized-");
                    assertThat(factory(context, "ordersProducerFactory")
                                    .getConfig()
                                    .clientId())
                            .isEqualTo("customized-orders");
                });
    }

    @Test
    void makesNothingIfSwitchedOff() {
        runner.withPropertyValues("app.producer.enabled=false", ORDERS + "linger=9ms")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ProducerFactory.class));
    }

    @Test
    @Timeout(60)
    void closesAllWithTheContext() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            Set<Thread> before = producerThreads();
            runner.withPropertyValues(
                            "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                            ORDERS + "linger=0",
                            EVENTS + "linger=1")
                    .run(context -> {
                        for (String name :
                                List.of("producerTemplate", "ordersProducerTemplate", "orderEventsProducerTemplate")) {
                            send(context.getBean(name, ProducerTemplate.class), name);
                        }
                        assertThat(cluster.records("orders")).hasSize(3);
                    });
            awaitOnly(before);
        }
    }

    @Test
    @Timeout(60)
    void leavesNoThreadOfTheOthersIfOneCannotStart() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            Set<Thread> before = producerThreads();
            runner.withPropertyValues(
                            "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                            ORDERS + "linger=0",
                            "app.producer.instance.zzz.linger=-1")
                    .withUserConfiguration(SendsWhileStarting.class)
                    .run(context -> {
                        assertThat(violation(context.getStartupFailure()).property())
                                .isEqualTo("app.producer.instance.zzz.linger");
                        assertThat(cluster.records("orders")).hasSize(1);
                    });
            awaitOnly(before);
        }
    }

    private static void awaitOnly(Set<Thread> before) {
        while (!before.containsAll(producerThreads())) {
            Thread.onSpinWait();
        }
    }

    /** Those of engines; other tests of this JVM have others. */
    private static Set<Thread> producerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("millrace")
                        || thread.getName().contains("producer"))
                .collect(Collectors.toSet());
    }

    @SuppressWarnings("unchecked") // the serializers take text
    private static void send(ProducerTemplate<?, ?> template, String value) {
        ((ProducerTemplate<String, String>) template)
                .send("orders", value)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static DefaultProducerFactory<?, ?> factory(AssertableApplicationContext context, String name) {
        return context.getBean(name, DefaultProducerFactory.class);
    }

    private static String servers(AssertableApplicationContext context, String name) {
        return factory(context, name).getConfig().bootstrapServers().toString();
    }

    private static @Nullable String defaultTopic(AssertableApplicationContext context, String template) {
        return context.getBean(template, ProducerTemplate.class).getDefaultTopic();
    }

    private static Serializer<?> valueSerializer(AssertableApplicationContext context, String name) {
        return context.getBean(name, ProducerSerializers.class).value();
    }

    private static PropertyViolation violation(@Nullable Throwable failure) {
        assertThat(refusal(failure).getViolations()).hasSize(1);
        return refusal(failure).getViolations().get(0);
    }

    private static InvalidProducerPropertiesException refusal(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof InvalidProducerPropertiesException)) {
            cause = cause.getCause();
        }
        return (InvalidProducerPropertiesException) Objects.requireNonNull(cause, () -> "no refusal in " + failure);
    }

    /** As Boot does: the first that has something to say. */
    private static FailureAnalysis analyze(@Nullable Throwable failure) {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation(
                        NamedProducersTest.class.getClassLoader())
                .load(FailureAnalyzer.class, (type, name, cause) -> {});
        AnnotationAwareOrderComparator.sort(analyzers);
        return analyzers.stream()
                .map(analyzer -> analyzer.analyze(Objects.requireNonNull(failure)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    record Injected(
            ProducerTemplate<String, Long> unqualified,
            ProducerFactory<byte[], byte[]> factory,
            ProducerOperations<String, byte[]> orders) {}

    @Configuration(proxyBeanMethods = false)
    static class Qualified {

        @Bean
        Injected injected(
                ProducerTemplate<String, Long> unqualified,
                ProducerFactory<byte[], byte[]> factory,
                @Qualifier("ordersProducerTemplate") ProducerOperations<String, byte[]> orders) {
            return new Injected(unqualified, factory, orders);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Unqualified {

        @Bean(autowireCandidate = false)
        ProducerOperations<String, Long> user(ProducerTemplate<String, Long> template) {
            return template;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SendsWhileStarting {

        @Bean
        String sent(@Qualifier("ordersProducerTemplate") ProducerTemplate<String, String> template) {
            send(template, "early");
            return "sent";
        }
    }

    static final class ByName implements ProducerConfigCustomizer {

        @Override
        public void customize(ProducerConfig.Builder builder) {
            throw new IllegalStateException("the other one is called");
        }

        @Override
        public void customize(ProducerConfig.Builder builder, String producer) {
            builder.clientId("customized-" + producer);
        }
    }
}
