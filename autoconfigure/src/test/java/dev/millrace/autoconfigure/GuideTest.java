package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.RoutingProducerTemplate;
import dev.millrace.spring.SendFailedException;
import dev.millrace.spring.SendResult;
import dev.millrace.spring.UndeliveredRecords;
import dev.millrace.spring.messaging.MessageProducerTemplate;
import dev.millrace.spring.messaging.ProducerHeaders;
import dev.millrace.spring.serialization.DelegatingSerializer;
import dev.millrace.spring.serialization.JsonSerializer;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.support.MessageBuilder;

/** The Java of docs/guide/template.md and docs/guide/serialization.md, which is here word for word, run against a cluster. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // as on the pages
class GuideTest {

    private static final Logger log = LoggerFactory.getLogger(GuideTest.class);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerAutoConfiguration.class, ProducerMessagingAutoConfiguration.class));

    /** What the pages send. */
    public record Order(String id, int amount) {}

    @Test
    @SuppressWarnings("unchecked")
    void sends() {
        try (FakeCluster cluster =
                FakeCluster.builder().topic("orders", 1).topic("audit.login", 1).start()) {
            runner.withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                    .withUserConfiguration(Beans.class)
                    .run(context -> {
                        send(context.getBean(ProducerTemplate.class));
                        route(context.getBean(ProducerTemplate.class), context.getBean(ProducerTemplate.class));
                        sendMessage(context.getBean(MessageProducerTemplate.class));
                        context.getBean(ProducerTemplate.class).flush();
                    });
            assertThat(cluster.records("orders"))
                    .hasSize(3)
                    .allMatch(record -> "placed".equals(record.valueText()) && "order-17".equals(record.keyText()));
            assertThat(cluster.records("audit.login")).hasSize(1);
        }
    }

    private static void send(ProducerTemplate<String, String> template) throws Exception {
        CompletableFuture<SendResult<String, String>> future = template.send("orders", "order-17", "placed");
        future.get(20, TimeUnit.SECONDS);
        template.record("orders")
                .key("order-17")
                .value("placed")
                .header("source", "shop")
                .send();
        future.whenComplete((sent, failure) -> {
            if (failure == null) {
                log.info("at {}", sent.metadata().offset());
            } else if (failure instanceof SendFailedException lost) {
                log.warn("not delivered to {}, again={}", lost.getTopic(), lost.isRetriable());
            }
        });
    }

    private static void route(ProducerOperations<?, ?> auditTemplate, ProducerOperations<?, ?> template) {
        Map<Pattern, ProducerOperations<?, ?>> routes = new LinkedHashMap<>();
        routes.put(Pattern.compile("audit\\..*"), auditTemplate);
        routes.put(Pattern.compile(".*"), template);
        RoutingProducerTemplate routing = new RoutingProducerTemplate(routes);
        routing.send("audit.login", "who");
    }

    private static void sendMessage(MessageProducerTemplate<?, ?> messages) {
        messages.send(MessageBuilder.withPayload("placed")
                .setHeader(ProducerHeaders.TOPIC, "orders")
                .setHeader(ProducerHeaders.KEY, "order-17")
                .setHeader("source", "shop")
                .build());
    }

    @Test
    @SuppressWarnings("unchecked")
    void tellsOfWhatIsLost() {
        runner.withPropertyValues("app.producer.bootstrap-servers=127.0.0.1:1", "app.producer.close-timeout=0")
                .withUserConfiguration(Beans.class)
                .run(context -> {
                    Beans beans = context.getBean(Beans.class);
                    ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
                    CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");
                    context.close();
                    assertThat(future).failsWithin(Duration.ofSeconds(20));
                    assertThat(beans.kept).containsExactly("orders");
                    assertThat(beans.lost).hasValue(1);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {

        final AtomicInteger lost = new AtomicInteger();
        final List<String> kept = new CopyOnWriteArrayList<>();

        @Bean
        ProducerListener<String, String> counting() {
            return new ProducerListener<>() {
                @Override
                public void onError(ProducerRecord<String, String> record, SendFailedException failure) {
                    lost.incrementAndGet();
                }
            };
        }

        @Bean
        UndeliveredRecords undeliveredRecords() {
            return (producer, records) -> records.forEach(record -> kept.add(record.topic()));
        }
    }

    @Test
    void serializesByAClassThatIsNamed() {
        assertThat(valueSentWith("app.producer.value-serializer=" + OrderSerializer.class.getName()))
                .isEqualTo("o-1;3");
        assertThat(valueSentWith("app.producer.value-serializer=json")).isEqualTo("{\"id\":\"o-1\",\"amount\":3}");
    }

    @Test
    void serializesByType() {
        Map<Class<?>, Serializer<?>> byType = new LinkedHashMap<>();
        byType.put(Order.class, new OrderSerializer());
        byType.put(byte[].class, Serializers.bytes());
        Serializer<Object> values = DelegatingSerializer.byType(byType).otherwise(new JsonSerializer<>());

        assertThat(values.serialize("orders", new Order("o-1", 3))).isEqualTo("o-1;3".getBytes(UTF_8));
        assertThat(values.serialize("orders", 3)).isEqualTo("3".getBytes(UTF_8));
    }

    @Test
    void asksARegistry() {
        CompletableFuture<Integer> schema = new CompletableFuture<>();
        schema.completeOnTimeout(7, 100, TimeUnit.MILLISECONDS);
        RegistrySerializer registry = new RegistrySerializer(topic -> schema);
        assertThat(registry.timeout()).hasSeconds(5);
        assertThat(valueSentWith(runner.withBean("producerValueSerializer", Serializer.class, () -> registry)))
                .isEqualTo("7:o-1");
    }

    private String valueSentWith(String... properties) {
        return valueSentWith(runner.withPropertyValues(properties));
    }

    @SuppressWarnings("unchecked")
    private static String valueSentWith(ApplicationContextRunner application) {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            application
                    .withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                    .run(context -> {
                        ProducerTemplate<String, Order> template = context.getBean(ProducerTemplate.class);
                        template.send("orders", new Order("o-1", 3)).get(20, TimeUnit.SECONDS);
                    });
            FakeRecord record = cluster.records("orders").get(0);
            return String.valueOf(record.valueText());
        }
    }

    public static final class OrderSerializer implements Serializer<Order> {

        @Override
        public byte[] serialize(String topic, Order order) {
            return (order.id() + ";" + order.amount()).getBytes(UTF_8);
        }
    }

    public static final class RegistrySerializer implements AsyncSerializer<Order> {

        private final Map<String, CompletableFuture<Integer>> schemas = new ConcurrentHashMap<>();
        private final Function<String, CompletableFuture<Integer>> registry;

        public RegistrySerializer(Function<String, CompletableFuture<Integer>> registry) {
            this.registry = registry;
        }

        @Override
        public CompletionStage<byte[]> serializeAsync(SerializationContext context, Order order) {
            return schemas.computeIfAbsent(context.topic(), registry)
                    .thenApply(schema -> (schema + ":" + order.id()).getBytes(UTF_8));
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(5);
        }
    }
}
