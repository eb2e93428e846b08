package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Setting;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.TransactionSettings;
import dev.millrace.spring.TransactionSettings.Synchronization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Every key of {@code app.producer.transaction}, from text in an environment to what the factory works with. */
class TransactionPropertiesTest {

    private static final String PREFIX = "app.producer.transaction.";

    /** Values other than the defaults, and where they must arrive. */
    static final List<Sample> SAMPLES = List.of(
            new Sample("id-prefix", " shop- ", TransactionSettings::idPrefix, "shop-"),
            new Sample("instance-id", " pod-1 ", TransactionSettings::instanceId, "pod-1"),
            new Sample("timeout", "50s", TransactionSettings::timeout, Duration.ofSeconds(50)),
            new Sample("max-producers", "7", TransactionSettings::maxProducers, 7),
            new Sample("acquire-timeout", "0", TransactionSettings::acquireTimeout, Duration.ZERO),
            new Sample("producer-max-age", "1d", TransactionSettings::producerMaxAge, Duration.ofDays(1)),
            new Sample("producer-max-idle", "2m", TransactionSettings::producerMaxIdle, Duration.ofMinutes(2)),
            new Sample("synchronization", " Never ", TransactionSettings::synchronization, Synchronization.NEVER),
            new Sample("flush-before-commit", "false", TransactionSettings::flushBeforeCommit, false),
            new Sample("flush-timeout", "1500", TransactionSettings::flushTimeout, Duration.ofMillis(1500)),
            new Sample("commit-timeout", "90s", TransactionSettings::commitTimeout, Duration.ofSeconds(90)));

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    private final ApplicationContextRunner transactional = runner.withPropertyValues(PREFIX + "id-prefix=orders-");

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void reachesTheFactoryWithItsUnit(Sample sample) {
        transactional
                .withPropertyValues(PREFIX + sample.key() + "=" + sample.text())
                .run(context -> {
                    assertThat(sample.read().apply(settingsOf(context))).isEqualTo(sample.value());
                    TransactionSettings defaults =
                            TransactionSettings.builder("orders-").build();
                    assertThat(sample.value())
                            .as("no default")
                            .isNotEqualTo(sample.read().apply(defaults));
                });
    }

    @Test
    void hasASampleOfEveryKey() {
        TreeSet<String> keys = new TreeSet<>();
        SAMPLES.forEach(sample -> keys.add(PREFIX + sample.key()));
        keys.add(PREFIX + "enabled");
        keys.add(PREFIX + "two-phase-commit");

        assertThat(ConfigurationMetadataTest.propertiesBelow(PREFIX)).isEqualTo(keys);
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void countsAsUnsetIfBlank(Sample sample) {
        runner.withPropertyValues(PREFIX + "enabled=true", "spring.application.name=shop", PREFIX + sample.key() + "=")
                .run(context -> assertThat(settingsOf(context))
                        .isEqualTo(TransactionSettings.builder("shop-tx-").build()));
    }

    @Test
    void commitsForAsLongAsASendMayWaitUnlessToldOtherwise() {
        transactional
                .withPropertyValues("app.producer.max-block=20s")
                .run(context -> assertThat(settingsOf(context).commitTimeout()).isEqualTo(Duration.ofSeconds(20)));
        transactional
                .withPropertyValues("app.producer.max-block=0")
                .run(context -> assertThat(settingsOf(context).commitTimeout()).isEqualTo(Duration.ofSeconds(60)));
    }

    @Test
    void takesTheTimeoutOfACustomizer() {
        transactional
                .withBean(
                        ProducerConfigCustomizer.class,
                        () -> builder -> builder.transactionTimeout(Duration.ofSeconds(9)))
                .run(context -> assertThat(settingsOf(context).timeout()).isEqualTo(Duration.ofSeconds(9)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    # enabled | id-prefix | application | prefix of the ids
                    -         | orders-   | -           | orders-
                    -         | orders-   | shop        | orders-
                    true      | orders-   | shop        | orders-
                    true      | ''        | shop        | shop-tx-
                    true      | -         | shop        | shop-tx-
                    -         | ''        | shop        | -
                    -         | -         | shop        | -
                    false     | orders-   | shop        | -
                    """)
    void isEnabledByThePrefixOrBySayingSo(
            @Nullable String enabled,
            @Nullable String idPrefix,
            @Nullable String application,
            @Nullable String expected) {
        Map<String, @Nullable String> properties = new TreeMap<>();
        properties.put(PREFIX + "enabled", enabled);
        properties.put(PREFIX + "id-prefix", idPrefix);
        properties.put("spring.application.name", application);
        ApplicationContextRunner with = runner;
        for (Map.Entry<String, @Nullable String> property : properties.entrySet()) {
            if (property.getValue() != null) {
                with = with.withPropertyValues(property.getKey() + "=" + property.getValue());
            }
        }
        with.run(context -> {
            assertThat(context.getBean(ProducerFactory.class).isTransactional()).isEqualTo(expected != null);
            if (expected != null) {
                assertThat(settingsOf(context).idPrefix()).isEqualTo(expected);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    app.producer.transaction.timeout             | 0     | 0 ms    | must be at least 1 ms
                    app.producer.transaction.max-producers       | -1    | -1      | must be at least 0, which is no bound
                    app.producer.transaction.acquire-timeout     | -1ms  | -1 ms   | must be at least 0 ms
                    app.producer.transaction.producer-max-age    | 0     | 0 ms    | must be at least 1 ms
                    app.producer.transaction.producer-max-idle   | -5s   | -5000 ms | must be at least 1 ms
                    app.producer.transaction.synchronization     | maybe | maybe   | must be auto or never
                    app.producer.transaction.flush-timeout       | 0     | 0 ms    | must be at least 1 ms
                    app.producer.transaction.commit-timeout      | 0     | 0 ms    | must be at least 1 ms
                    app.producer.transaction.two-phase-commit    | true  | true    | two-phase commit (KIP-939) is not supported, nor finished in Kafka; remove it
                    """)
    void refusesWhatCannotBe(String property, String value, String shown, String reason) {
        transactional.withPropertyValues(property + "=" + value).run(context -> assertThat(violationsOf(context))
                .containsExactly(new PropertyViolation(
                        property, shown, "\"" + property + "\" from property source \"test\"", reason)));
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        transactional
                .withPropertyValues(
                        "app.producer.acks=1",
                        "app.producer.idempotence=false",
                        "app.producer.linger=-1",
                        PREFIX + "timeout=0",
                        PREFIX + "flush-timeout=0")
                .run(context -> assertThat(violationsOf(context))
                        .extracting(PropertyViolation::property)
                        .containsExactlyInAnyOrder(
                                "app.producer.acks",
                                "app.producer.idempotence",
                                "app.producer.linger",
                                PREFIX + "timeout",
                                PREFIX + "flush-timeout"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.producer.acks=1",
                "app.producer.retries=0",
                "app.producer.idempotence=false",
                "app.producer.max-in-flight=6"
            })
    void refusesWhatTransactionsRuleOut(String property) {
        runner.withPropertyValues(property, "app.producer.idempotence=false")
                .run(context -> assertThat(context).hasNotFailed());
        transactional.withPropertyValues(property).run(context -> assertThat(violationsOf(context))
                .extracting(PropertyViolation::property)
                .containsExactly(property.substring(0, property.indexOf('='))));
    }

    @Test
    void refusesToBeEnabledWithoutIds() {
        runner.withPropertyValues(PREFIX + "enabled=true").run(context -> assertThat(violationsOf(context))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.property()).isEqualTo(PREFIX + "id-prefix");
                    assertThat(violation.reason()).contains("spring.application.name");
                }));
    }

    @ParameterizedTest
    @CsvSource({"orders1, '', false", "orders1, a, true", "orders1-, '', true", "orders, '', true"})
    void refusesAPrefixThatTheNumberOfAnIdWouldGoOn(String prefix, String instanceId, boolean isAccepted) {
        runner.withPropertyValues(PREFIX + "id-prefix=" + prefix, PREFIX + "instance-id=" + instanceId)
                .run(context -> {
                    if (isAccepted) {
                        assertThat(context).hasNotFailed();
                    } else {
                        assertThat(violationsOf(context)).singleElement().satisfies(violation -> {
                            assertThat(violation.property()).isEqualTo(PREFIX + "id-prefix");
                            assertThat(violation.reason()).startsWith("must not end with a digit");
                        });
                    }
                });
    }

    @Test
    void refusesAPrefixThatIsTooLongForAnId() {
        runner.withPropertyValues(PREFIX + "id-prefix=" + "x".repeat(Short.MAX_VALUE))
                .run(context -> assertThat(violationsOf(context))
                        .extracting(PropertyViolation::property)
                        .containsExactly(PREFIX + "id-prefix"));
    }

    @Test
    void refusesAnIdOfACustomizer() {
        for (ApplicationContextRunner either : List.of(runner, transactional)) {
            either.withBean(ProducerConfigCustomizer.class, () -> builder -> builder.transactionalId("mine"))
                    .run(context -> assertThat(violationsOf(context))
                            .singleElement()
                            .satisfies(violation -> {
                                assertThat(violation.property()).isEqualTo(PREFIX + "id-prefix");
                                assertThat(violation.value()).isEqualTo("mine");
                                assertThat(violation.origin()).isEqualTo("a bean of type ProducerConfigCustomizer");
                            }));
        }
    }

    @Test
    void printsTheIds() {
        try (CapturedLog log = CapturedLog.of(DefaultProducerFactory.class)) {
            transactional
                    .withPropertyValues(PREFIX + "max-producers=2", PREFIX + "instance-id=pod-1")
                    .run(context -> assertThat(log.lines())
                            .singleElement()
                            .asString()
                            .startsWith("INFO ")
                            .contains("'orders-pod-1-0'", "at most 2"));
        }
    }

    @Test
    void warnsOfAnotherInstanceUnlessThisOneHasAName() {
        try (CapturedLog log = CapturedLog.of(TransactionSetup.class)) {
            transactional.withPropertyValues(PREFIX + "instance-id=pod-1").run(context -> assertThat(log.lines())
                    .isEmpty());
            transactional.run(context -> assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "WARN Transactional ids that begin with 'orders-' would be those of another running instance")
                    .contains(PREFIX + "instance-id"));
        }
    }

    @Test
    void takesTheIdsFromAStrategyOfTheApplications() {
        try (CapturedLog setup = CapturedLog.of(TransactionSetup.class);
                CapturedLog factory = CapturedLog.of(DefaultProducerFactory.class)) {
            transactional
                    .withBean(TransactionIdStrategy.class, () -> (prefix, instance, slot) -> slot + "@" + prefix)
                    .run(context -> {
                        assertThat(setup.lines()).isEmpty();
                        assertThat(factory.lines()).singleElement().asString().contains("'0@orders-'");
                    });
        }
    }

    @Test
    void warnsOfAPlaceholderThatCameToNothing() {
        try (CapturedLog log = CapturedLog.of(TransactionSetup.class)) {
            runner.withPropertyValues(PREFIX + "id-prefix=${ABSENT:}").run(context -> {
                assertThat(context.getBean(ProducerFactory.class).isTransactional())
                        .isFalse();
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .startsWith("WARN " + PREFIX + "id-prefix is blank, so nothing is sent in transactions");
            });
        }
    }

    @Test
    void saysNothingOfTransactionsThatNobodyAskedFor() {
        try (CapturedLog log = CapturedLog.of(TransactionSetup.class)) {
            runner.run(context -> assertThat(log.lines()).isEmpty());
            runner.withPropertyValues(PREFIX + "id-prefix=", PREFIX + "enabled=false")
                    .run(context -> assertThat(log.lines()).isEmpty());
        }
    }

    @Test
    void allowsSendsWithoutATransactionIfToldTo() {
        transactional.run(
                context -> assertThat(context.getBean(ProducerTemplate.class).isAllowNonTransactional())
                        .isFalse());
        transactional
                .withPropertyValues("app.producer.template.allow-non-transactional=")
                .run(context -> assertThat(
                                context.getBean(ProducerTemplate.class).isAllowNonTransactional())
                        .isFalse());
        transactional
                .withPropertyValues("app.producer.template.allow-non-transactional=true")
                .run(context -> assertThat(
                                context.getBean(ProducerTemplate.class).isAllowNonTransactional())
                        .isTrue());
    }

    @Test
    void givesTheEngineTheTimeoutOnly() {
        transactional.withPropertyValues(PREFIX + "timeout=50s").run(context -> {
            assertThat(ProducerPropertiesTest.lineOf(
                            ProducerAutoConfigurationTest.configOf(context), Setting.TRANSACTION_TIMEOUT))
                    .isEqualTo("50000 ms [user]");
            assertThat(ProducerAutoConfigurationTest.configOf(context)
                            .transaction()
                            .id())
                    .isNull();
        });
    }

    private static TransactionSettings settingsOf(AssertableApplicationContext context) {
        return context.getBean(DefaultProducerFactory.class).getTransactionSettings();
    }

    private static List<PropertyViolation> violationsOf(AssertableApplicationContext context) {
        for (Throwable cause = context.getStartupFailure(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidProducerPropertiesException refusal) {
                return refusal.getViolations();
            }
        }
        throw new AssertionError("not refused", context.getStartupFailure());
    }

    record Sample(String key, String text, Function<TransactionSettings, Object> read, Object value) {}
}
