package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.autoconfigure.ProducersEndpoint.ClientDescriptor;
import dev.millrace.autoconfigure.ProducersEndpoint.ProducerDescriptor;
import dev.millrace.autoconfigure.ProducersEndpoint.SettingDescriptor;
import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.config.Setting;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.TransactionalProducerPool.PoolState;
import dev.millrace.testkit.FakeCluster;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The endpoint, with producers that send. */
class ProducersEndpointAutoConfigurationTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducersEndpointAutoConfiguration.class, ProducerAutoConfiguration.class))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=producers",
                    "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                    "app.producer.client-id=shop",
                    "app.producer.linger=0ms");

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void showsThePipelineAndTheSettings() {
        runner.run(context -> {
            assertThat(descriptor(context).clients()).isEmpty();

            send(context);

            ProducerDescriptor descriptor = descriptor(context);
            assertThat(descriptor.running()).isTrue();
            assertThat(descriptor.transactionalProducers()).isNull();
            assertThat(descriptor.settings().keySet())
                    .containsExactlyElementsOf(
                            Stream.of(Setting.values()).map(Setting::springName).toList());
            assertThat(descriptor.settings())
                    .containsEntry("app.producer.linger", new SettingDescriptor("0 ms", "user"))
                    .containsEntry("app.producer.acks", new SettingDescriptor("all", "default"));
            ClientDescriptor client = descriptor.clients().get(0);
            assertThat(client.clientId()).isEqualTo("shop");
            assertThat(client.lastError()).isNull();
            assertThat(client.clusterId()).isNotNull();
            assertThat(Objects.requireNonNull(client.pipeline()).bottleneck()).isEqualTo(Bottleneck.NONE);
            assertThat(client.pipeline().records().delivered()).isEqualTo(1);
        });
    }

    @Test
    void showsTransactionalProducers() {
        runner.withPropertyValues("app.producer.transaction.id-prefix=orders-").run(context -> {
            template(context).executeInTransaction(operations -> operations.send("orders", "v"));

            ProducerDescriptor descriptor = descriptor(context);
            assertThat(descriptor.transactionalProducers()).isEqualTo(new PoolState(0, 1, 0));
            assertThat(descriptor.clients())
                    .extracting(ClientDescriptor::transactionalId)
                    .containsExactly("orders-0");
        });
    }

    @Test
    void resetsForWhoeverMay() {
        runner.run(context -> {
            send(context);
            endpoint(context).reset("producerFactory");
            assertThat(descriptor(context).clients()).isEmpty();
            send(context);
            assertThat(descriptor(context).clients()).hasSize(1);
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint(context).reset("other"))
                    .withMessageContaining("[producerFactory]");
        });
        assertThat(ProducersEndpoint.class.getAnnotation(Endpoint.class).defaultAccess())
                .isEqualTo(Access.READ_ONLY);
    }

    @Test
    void sanitizesAsTheApplicationWants() {
        runner.withBean(
                        SanitizingFunction.class,
                        () -> data -> data.getKey().endsWith("client-id") ? data.withSanitizedValue() : data)
                .run(context -> assertThat(descriptor(context).settings().get("app.producer.client-id"))
                        .extracting(SettingDescriptor::value)
                        .isEqualTo("******"));
    }

    @Test
    void isThereOnlyIfExposed() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean(ProducersEndpoint.class));
        runner.withPropertyValues("app.producer.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ProducersEndpoint.class));
    }

    private static ProducersEndpoint endpoint(AssertableApplicationContext context) {
        return context.getBean(ProducersEndpoint.class);
    }

    private static ProducerDescriptor descriptor(AssertableApplicationContext context) {
        return Objects.requireNonNull(endpoint(context).producers().producers().get("producerFactory"));
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
