package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.GuideTest.Order;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerFactoryCustomizer;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendFailedException;
import dev.millrace.spring.SendResult;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;

/** The Java of the pages of the guide that have no test of their own, word for word and run against a cluster. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // as on the pages
class ReferenceGuideTest {

    private static final Logger log = LoggerFactory.getLogger(ReferenceGuideTest.class);

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 3).topic("audit", 1).start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerAutoConfiguration.class, NamedProducerAutoConfiguration.class))
            .withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers());

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    /** getting-started.md. */
    @Service
    static class Orders {

        private final ProducerTemplate<String, Order> template;

        Orders(ProducerTemplate<String, Order> template) {
            this.template = template;
        }

        CompletableFuture<Long> place(Order order) {
            return template.send("orders", order.id(), order)
                    .thenApply(sent -> sent.metadata().offset());
        }
    }

    @Test
    void startsWithARecord() {
        runner.withBean(Orders.class).run(context -> {
            assertThat(context.getBean(Orders.class).place(new Order("order-17", 3)))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(0L);
            assertThat(cluster.records("orders"))
                    .extracting(record -> record.valueText())
                    .containsExactly("{\"id\":\"order-17\",\"amount\":3}");
        });
    }

    /** named-producers.md. */
    @Component
    static class AuditTrail {

        private final ProducerTemplate<String, byte[]> template;

        AuditTrail(@Qualifier("auditLogProducerTemplate") ProducerTemplate<String, byte[]> template) {
            this.template = template;
        }

        void add(String who, byte[] what) {
            template.send("audit", who, what);
        }
    }

    @Test
    void sendsByANamedProducer() {
        runner.withPropertyValues(
                        "app.producer.client-id=shop",
                        "app.producer.instance.audit-log.value-serializer=bytes",
                        "app.producer.instance.audit-log.linger=0")
                .withBean(AuditTrail.class)
                .run(context -> {
                    context.getBean(AuditTrail.class).add("ada", "in".getBytes(UTF_8));
                    cluster.awaitRecords("audit", 1, Duration.ofSeconds(20));
                    assertThat(context.getBean("auditLogProducerFactory", DefaultProducerFactory.class)
                                    .getConfig()
                                    .clientId())
                            .isEqualTo("shop-audit-log");
                });
    }

    @Test
    @SuppressWarnings("unchecked") // the default serializers take text
    void tellsWhyARecordFailed() {
        runner.withPropertyValues("app.producer.bootstrap-servers=127.0.0.1:1", "app.producer.max-block=100ms")
                .run(context -> {
                    List<ProducerRecord<?, ?>> later = new CopyOnWriteArrayList<>();
                    ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
                    keepsWhatFails(template, later);
                    template.flush();
                    assertThat(later).extracting(ProducerRecord::topic).containsExactly("orders");
                });
    }

    /** delivery.md. */
    private static void keepsWhatFails(
            ProducerTemplate<String, String> template, List<@Nullable ProducerRecord<?, ?>> later) {
        template.send("orders", "order-17", "placed").whenComplete((sent, failure) -> {
            if (failure instanceof SendFailedException lost) {
                if (lost.isRetriable() && !lost.mayHaveBeenWritten()) {
                    later.add(lost.getRecord());
                }
                if (lost.getCause() instanceof ProducerException reason) {
                    log.warn("failed at {} with {}: {}", reason.stage(), reason.errorCode(), reason.recovery());
                }
            }
        });
    }

    @Test
    @SuppressWarnings("unchecked") // the default serializers take text
    void sendsWithoutWaiting() {
        runner.run(context -> {
            ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
            tries(template, new ProducerRecord<>("orders", "order-17", "placed"));
            sendsAll(template, List.of(new ProducerRecord<>("orders", "a"), new ProducerRecord<>("orders", "b")));
            cluster.awaitRecords("orders", 3, Duration.ofSeconds(20));
            resets(template);
            template.send("orders", "again").join();
            assertThat(cluster.recordCount("orders")).isEqualTo(4);
        });
    }

    private static void tries(ProducerTemplate<String, String> template, ProducerRecord<String, String> record) {
        CompletableFuture<SendResult<String, String>> future = template.trySend(record);
        if (future == null) {
            template.whenWritable().thenRun(() -> template.trySend(record));
        }
    }

    private static void sendsAll(
            ProducerTemplate<String, String> template, List<ProducerRecord<String, String>> records) {
        CompletableFuture<SendAllResult> all = template.sendAll(records);
        all.thenAccept(result -> log.info("{} delivered, {} failed", result.delivered(), result.failed()));
        assertThat(all).succeedsWithin(Duration.ofSeconds(20)).matches(SendAllResult::isComplete);
    }

    /** lifecycle.md. */
    private static void resets(ProducerTemplate<?, ?> template) {
        DefaultProducerFactory<?, ?> factory = (DefaultProducerFactory<?, ?>) template.getProducerFactory();
        factory.reset();
    }

    /** What an application of extension.md has. */
    record TenantContext(String current) {}

    /** As above. */
    interface ServiceRegistry {
        List<String> addressesOf(String service);
    }

    /** extension.md and partitioning.md. */
    @Configuration(proxyBeanMethods = false)
    static class Extensions {

        @Bean
        ProducerInterceptor<Object, Object> tenant(TenantContext tenants) {
            return new ProducerInterceptor<>() {
                @Override
                public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
                    return record.withHeaders(record.headers().with("tenant", tenants.current()));
                }
            };
        }

        @Bean
        ProducerFactoryCustomizer<DefaultProducerFactory<?, ?>> patience() {
            return factory -> {
                if (factory.getName().equals("auditLogProducerFactory")) {
                    factory.setCloseTimeout(Duration.ofSeconds(5));
                }
            };
        }

        @Bean
        ProducerConnectionDetails fromRegistry(ServiceRegistry registry) {
            return () -> registry.addressesOf("kafka");
        }

        @Bean
        Partitioner<String, Object> byCountry() {
            return (record, topic) -> {
                String key = record.key();
                return key != null && key.startsWith("de-")
                        ? 0
                        : 1 + Math.floorMod(String.valueOf(key).hashCode(), topic.partitionCount() - 1);
            };
        }
    }

    @Test
    @SuppressWarnings("unchecked") // the default serializers take text
    void isExtendedByBeans() {
        runner.withPropertyValues(
                        "app.producer.bootstrap-servers=127.0.0.1:1", "app.producer.instance.audit-log.linger=50ms")
                .withBean(TenantContext.class, () -> new TenantContext("north"))
                .withBean(ServiceRegistry.class, () -> service -> List.of(cluster.bootstrapServers()))
                .withUserConfiguration(Extensions.class)
                .run(context -> {
                    ProducerTemplate<String, String> template =
                            context.getBean("producerTemplate", ProducerTemplate.class);
                    template.send("orders", "de-1", "placed").join();
                    template.send("orders", "fr-1", "placed").join();

                    assertThat(cluster.records("orders", 0)).singleElement().satisfies(record -> assertThat(new String(
                                    Objects.requireNonNull(Objects.requireNonNull(
                                                    record.headers().last("tenant"))
                                            .value()),
                                    UTF_8))
                            .isEqualTo("north"));
                    assertThat(context.getBean("auditLogProducerFactory", DefaultProducerFactory.class)
                                    .getCloseTimeout())
                            .hasSeconds(5);
                    assertThat(context.getBean("producerFactory", DefaultProducerFactory.class)
                                    .getCloseTimeout())
                            .isEqualTo(DefaultProducerFactory.DEFAULT_CLOSE_TIMEOUT);
                });
    }
}
