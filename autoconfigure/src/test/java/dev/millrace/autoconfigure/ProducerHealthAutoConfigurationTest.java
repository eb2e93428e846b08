package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.inspection.OpenProducers;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Health of producers that send, or cannot. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // health says what became of them
class ProducerHealthAutoConfigurationTest {

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 1).topic("payments", 1).start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ProducerHealthAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    ProducerAutoConfiguration.class))
            .withPropertyValues(
                    "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                    "app.producer.client-id=shop",
                    "app.producer.linger=0ms");

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void isUnknownBeforeTheFirstSendAndUpAfterIt() {
        runner.run(context -> {
            assertThat(healthOf(context).getStatus()).isEqualTo(Status.UNKNOWN);
            assertThat(cluster.requests()).isEmpty();

            send(context);

            Health health = healthOf(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("clientId", "shop")
                    .containsEntry("recordsPending", 0L)
                    .containsEntry("requestsInFlight", 0)
                    .containsKeys("clusterId", "brokers", "buffer", "bottleneck")
                    .doesNotContainKeys("reason", "lastError");
        });
    }

    @Test
    void asksNobodyAndIsQuickWithBrokersUnreachable() {
        int port = cluster.port(0);
        cluster.close();
        runner.withPropertyValues("app.producer.bootstrap-servers=localhost:" + port)
                .run(context -> {
                    template(context).send("orders", "v");
                    Health health = healthOf(context);
                    for (int i = 0; i < 1000 && health.getStatus().equals(Status.UP); i++) {
                        TimeUnit.MILLISECONDS.sleep(10);
                        health = healthOf(context);
                    }
                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(String.valueOf(health.getDetails().get("reason")))
                            .startsWith("records wait and no broker can be reached: ");

                    long fastest = Long.MAX_VALUE;
                    for (int i = 0; i < 20; i++) {
                        long before = System.nanoTime();
                        healthOf(context);
                        fastest = Math.min(fastest, System.nanoTime() - before);
                    }
                    assertThat(fastest).isLessThan(TimeUnit.MILLISECONDS.toNanos(5));
                });
    }

    @Test
    void isDownIfTheTopicIsForbiddenUntilSomethingIsDelivered() {
        runner.run(context -> {
            cluster.setTopicError("orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(template(context).send("orders", "v")).failsWithin(30, TimeUnit.SECONDS);
            template(context).snapshot().join();

            Health health = healthOf(context);
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(String.valueOf(health.getDetails().get("lastError"))).contains("orders");

            template(context)
                    .send("payments", "v")
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            template(context).snapshot().join();
            assertThat(healthOf(context).getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void isOutOfServiceWhenTheBufferWasFullForHalfAMinute() {
        AtomicLong now = new AtomicLong();
        OpenProducers producers = new OpenProducers();
        DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                ProducerConfig.builder()
                        .bootstrapServers(cluster.bootstrapServers())
                        .maxRequestSize(32 * 1024)
                        .bufferMemory(64 * 1024)
                        .linger(Duration.ofHours(1))
                        .deliveryTimeout(Duration.ofHours(2))
                        .build(),
                Serializers.string(),
                Serializers.string());
        factory.setListeners(List.of(producers));
        try {
            ProducerHealthIndicator indicator = new ProducerHealthIndicator(
                    factory, producers, new HealthLimits(Long.MAX_VALUE, Long.MAX_VALUE, 0.05), now::get);
            ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
            template.send("orders", "first");
            template.flush();
            template.send("orders", "x".repeat(8000));
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            now.addAndGet(TimeUnit.SECONDS.toNanos(29));
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        } finally {
            factory.setCloseTimeout(Duration.ZERO);
            factory.destroy();
        }
    }

    @Test
    void takesItsLimitsFromThePropertiesOrFromTheProducers() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("localhost:1")
                .deliveryTimeout(Duration.ofSeconds(80))
                .build();
        HealthProperties properties = new HealthProperties();
        assertThat(HealthLimits.of(properties, config))
                .isEqualTo(new HealthLimits(
                        Duration.ofMinutes(10).toNanos(), Duration.ofSeconds(40).toNanos(), 0.95));
        properties.setMaxSilence(Duration.ofSeconds(3));
        properties.setMaxBatchAge(Duration.ofSeconds(4));
        properties.setBufferThreshold(0.5);
        assertThat(HealthLimits.of(properties, config))
                .isEqualTo(new HealthLimits(
                        Duration.ofSeconds(3).toNanos(), Duration.ofSeconds(4).toNanos(), 0.5));
    }

    @Test
    void hasOneForEachOfSeveralFactories() {
        runner.withBean(
                        "other",
                        DefaultProducerFactory.class,
                        () -> other(),
                        definition -> definition.setFallback(true))
                .withBean("another", DefaultProducerFactory.class, () -> other())
                .run(context -> assertThat(context.getBean("producerHealthContributor"))
                        .isInstanceOfSatisfying(CompositeHealthContributor.class, composite -> assertThat(
                                        composite.stream().map(each -> each.name()))
                                .containsExactlyInAnyOrder("other", "another")));
    }

    @Test
    void countsTransactionalProducers() {
        runner.withPropertyValues(
                        "app.producer.transaction.id-prefix=orders-", "app.producer.transaction.max-producers=3")
                .run(context -> {
                    template(context).executeInTransaction(operations -> operations.send("orders", "v"));
                    Health health = healthOf(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("transactionalProducers", Map.of("inUse", 0, "idle", 1, "max", 3))
                            .containsEntry("clientId", "shop-tx-0");
                });
    }

    @Test
    void canBeSwitchedOffAndReplaced() {
        runner.withPropertyValues("management.health.producer.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("producerHealthContributor"));
        runner.withPropertyValues("app.producer.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("producerHealthContributor"));
        runner.withBean("mine", ProducerFactory.class, UnopenedFactory::new)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("producerHealthContributor"));
        runner.withBean(
                        "producerHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.up().build())
                .run(context -> assertThat(context)
                        .getBeans(HealthContributor.class)
                        .doesNotContainKey("producerHealthContributor"));
    }

    private static DefaultProducerFactory<String, String> other() {
        return new DefaultProducerFactory<>(
                ProducerConfig.builder().bootstrapServers("localhost:1").build(),
                Serializers.string(),
                Serializers.string());
    }

    private static Health healthOf(AssertableApplicationContext context) {
        return Objects.requireNonNull(context.getBean("producerHealthContributor", HealthIndicator.class)
                .health());
    }

    private static void send(AssertableApplicationContext context) {
        template(context).send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
        template(context).snapshot().join();
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static ProducerTemplate<String, String> template(AssertableApplicationContext context) {
        return context.getBean(ProducerTemplate.class);
    }
}
