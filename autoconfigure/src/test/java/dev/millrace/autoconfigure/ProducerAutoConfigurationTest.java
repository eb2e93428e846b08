package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.HostAndPort;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.ProducerTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class ProducerAutoConfigurationTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    @Test
    void makesConnectionDetailsFactoryAndTemplate() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(PropertiesProducerConnectionDetails.class);
            assertThat(context).hasSingleBean(DefaultProducerFactory.class).hasBean("producerFactory");
            assertThat(context).hasSingleBean(ProducerTemplate.class).hasBean("producerTemplate");
            assertThat(context.getBean(ProducerTemplate.class).getProducerFactory())
                    .isSameAs(context.getBean(DefaultProducerFactory.class));
            assertThat(context.getBean(DefaultProducerFactory.class).getName()).isEqualTo("producerFactory");
            assertThat(configOf(context).bootstrapServers()).containsExactly(new HostAndPort("localhost", 9092));
        });
    }

    @Test
    void startsNoThreadBeforeTheFirstSend() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        runner.run(context -> {
            assertThat(context.getBean(DefaultProducerFactory.class).isRunning())
                    .isTrue();
            assertThat(Thread.getAllStackTraces().keySet()).isSubsetOf(before);
        });
    }

    @Test
    void makesNothingIfSwitchedOff() {
        runner.withPropertyValues("app.producer.enabled=false", "app.producer.linger=-1")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ProducerConnectionDetails.class)
                        .doesNotHaveBean(ProducerFactory.class)
                        .doesNotHaveBean(ProducerOperations.class)
                        .doesNotHaveBean(ProducerProperties.class));
    }

    @Test
    void leavesKeysAloneThatAreNotItsOwn() {
        runner.withPropertyValues("app.producer.foo=bar", "app.producer.topics.orders=o", "app.name=shop")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void givesWayToAFactory() {
        runner.withBean("mine", ProducerFactory.class, UnopenedFactory::new).run(context -> {
            assertThat(context).hasSingleBean(ProducerFactory.class).doesNotHaveBean(ProducerSerializers.class);
            assertThat(context.getBean(ProducerTemplate.class).getProducerFactory())
                    .isSameAs(context.getBean("mine"));
        });
    }

    @Test
    void givesWayToATemplate() {
        runner.withBean("mine", ProducerOperations.class, () -> new ProducerTemplate<>(new UnopenedFactory()))
                .run(context -> assertThat(context)
                        .hasSingleBean(ProducerOperations.class)
                        .hasSingleBean(ProducerFactory.class)
                        .doesNotHaveBean("producerTemplate"));
    }

    @Test
    void givesWayToConnectionDetailsWhichBeatTheProperty() {
        runner.withPropertyValues("app.producer.bootstrap-servers=property:1")
                .withBean(ProducerConnectionDetails.class, () -> () -> List.of("details:2", "details:3"))
                .run(context -> {
                    assertThat(context).hasSingleBean(ProducerConnectionDetails.class);
                    assertThat(configOf(context).bootstrapServers())
                            .containsExactly(new HostAndPort("details", 2), new HostAndPort("details", 3));
                });
    }

    @Test
    void resolvesInjectionPointsOfAnyTypes() {
        runner.withUserConfiguration(InjectionPoints.class).run(context -> {
            InjectionPoints.Injected injected = context.getBean(InjectionPoints.Injected.class);
            assertThat(injected.orders()).isSameAs(context.getBean("producerTemplate"));
            assertThat(injected.bytes()).isSameAs(context.getBean("producerTemplate"));
            assertThat(injected.factory()).isSameAs(context.getBean("producerFactory"));
        });
    }

    @Test
    void customizesLastAndInOrder() {
        runner.withPropertyValues("app.producer.client-id=property", "app.producer.linger=7ms")
                .withUserConfiguration(Customizers.class)
                .run(context -> {
                    assertThat(configOf(context).clientId()).isEqualTo("second");
                    assertThat(configOf(context).batching().linger()).isEqualTo(Duration.ofMillis(7));
                    assertThat(configOf(context).bootstrapServers())
                            .containsExactly(new HostAndPort("customized", 9092));
                });
    }

    @Test
    void derivesTheClientIdFromTheApplicationsName() {
        runner.withPropertyValues("spring.application.name=shop")
                .run(context -> assertThat(configOf(context).clientId()).isEqualTo("shop-producer"));
        runner.withPropertyValues("spring.application.name=shop", "app.producer.client-id=orders")
                .run(context -> assertThat(configOf(context).clientId()).isEqualTo("orders"));
        runner.run(context -> assertThat(configOf(context).clientId()).startsWith("millrace-producer-"));
    }

    @Test
    void setsTheCloseTimeout() {
        runner.withPropertyValues("app.producer.close-timeout=3000").run(context -> assertThat(
                        context.getBean(DefaultProducerFactory.class).getCloseTimeout())
                .isEqualTo(Duration.ofSeconds(3)));
        runner.run(context -> assertThat(
                        context.getBean(DefaultProducerFactory.class).getCloseTimeout())
                .isEqualTo(Duration.ofSeconds(25)));
    }

    @ParameterizedTest
    @CsvSource({
        "app.producer.close-timeout=30s, 30000, 30000",
        "app.producer.close-timeout=1m, 60000, 30000",
        "spring.lifecycle.timeout-per-shutdown-phase=20s, 25000, 20000"
    })
    void warnsIfTheContextDoesNotWaitForTheProducer(String property, String closeTimeout, String phaseTimeout) {
        try (CapturedLog log = CapturedLog.of(ShutdownTimeouts.class)) {
            runner.withPropertyValues(property).run(context -> assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN app.producer.close-timeout=" + closeTimeout
                            + " ms is not below spring.lifecycle.timeout-per-shutdown-phase=" + phaseTimeout + " ms: ")
                    .endsWith("lower the first or raise the second"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.producer.close-timeout=29s", "spring.lifecycle.timeout-per-shutdown-phase=26s"})
    void saysNothingIfTheContextWaitsForTheProducer(String property) {
        try (CapturedLog log = CapturedLog.of(ShutdownTimeouts.class)) {
            runner.withPropertyValues(property)
                    .run(context -> assertThat(log.lines()).isEmpty());
        }
    }

    static ProducerConfig configOf(AssertableApplicationContext context) {
        return context.getBean(DefaultProducerFactory.class).getConfig();
    }

    record PlacedOrder(String id) {}

    @Configuration(proxyBeanMethods = false)
    static class InjectionPoints {

        @Bean
        Injected injected(
                ProducerTemplate<String, PlacedOrder> orders,
                ProducerOperations<byte[], byte[]> bytes,
                ProducerFactory<Integer, PlacedOrder> factory) {
            return new Injected(orders, bytes, factory);
        }

        record Injected(
                ProducerTemplate<String, PlacedOrder> orders,
                ProducerOperations<byte[], byte[]> bytes,
                ProducerFactory<Integer, PlacedOrder> factory) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        ProducerConfigCustomizer second() {
            return builder -> builder.clientId("second");
        }

        @Bean
        @Order(1)
        ProducerConfigCustomizer first() {
            return builder -> builder.clientId("first").bootstrapServers("customized:9092");
        }
    }
}
