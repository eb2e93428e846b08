package dev.millrace.samples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The Java of the README, word for word and run. */
@Timeout(60)
class ReadmeGuideTest {

    @RestController
    static class OrderController {
        private final ProducerTemplate<String, String> template;

        OrderController(ProducerTemplate<String, String> template) {
            this.template = template;
        }

        @PostMapping("/orders/{customer}")
        CompletableFuture<String> place(@PathVariable String customer, @RequestBody String order) {
            return template.send("orders", customer, order)
                    .thenApply(result -> result.metadata().toString());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Interceptors {

        @Bean
        ProducerInterceptor<String, String> origin() {
            return new ProducerInterceptor<>() {
                @Override
                public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                    return new ProducerRecord<>(
                            record.topic(),
                            record.partition(),
                            record.timestamp(),
                            record.key(),
                            record.value(),
                            record.headers().with("origin", "shop"));
                }
            };
        }
    }

    @Test
    void sendsWithAHeader() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class))
                    .withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                    .withUserConfiguration(Interceptors.class, OrderController.class)
                    .run(context -> assertThat(
                                    context.getBean(OrderController.class).place("ada", "lamp"))
                            .succeedsWithin(Duration.ofSeconds(20))
                            .asString()
                            .contains("orders"));
            assertThat(cluster.records("orders")).singleElement().satisfies(record -> assertThat(
                            record.headers().last("origin"))
                    .isNotNull());
        }
    }

    @Test
    void sendsInPlainJava() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            plainJava(cluster.bootstrapServers());
            assertThat(cluster.recordCount("orders")).isEqualTo(1);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as in the README
    private static void plainJava(String bootstrapServers) {
        ProducerConfig config =
                ProducerConfig.builder().bootstrapServers(bootstrapServers).build();
        try (Producer<String, String> producer = Producers.open(config, Serializers.string(), Serializers.string())) {
            producer.send(new ProducerRecord<>("orders", "key", "value"), (metadata, failure) -> {
                if (failure != null) {
                    System.err.println(failure.getMessage());
                }
            });
        }
    }
}
