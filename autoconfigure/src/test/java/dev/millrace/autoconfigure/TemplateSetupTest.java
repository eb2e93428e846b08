package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.LoggingProducerListener;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerFactoryCustomizer;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTemplateCustomizer;
import dev.millrace.spring.SendFailedException;
import dev.millrace.spring.SendResult;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class TemplateSetupTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    @Test
    void setsTheDefaultTopic() {
        runner.withPropertyValues("app.producer.template.default-topic= orders ")
                .run(context -> assertThat(
                                context.getBean(ProducerTemplate.class).getDefaultTopic())
                        .isEqualTo("orders"));
        runner.withPropertyValues("app.producer.template.default-topic=").run(context -> assertThat(
                        context.getBean(ProducerTemplate.class).getDefaultTopic())
                .isNull());
    }

    @Test
    void logsFailuresWithoutContentsUnlessTold() {
        runner.run(context -> assertThat(context).hasSingleBean(LoggingProducerListener.class));
        runner.withPropertyValues("app.producer.template.log-failures=false")
                .run(context -> assertThat(context).doesNotHaveBean(ProducerListener.class));
        runner.withBean("mine", LoggingProducerListener.class).run(context -> assertThat(context)
                .hasSingleBean(LoggingProducerListener.class)
                .hasBean("mine"));
        assertThat(lineFor()).contains("topic=orders").doesNotContain("secret");
        assertThat(lineFor("app.producer.template.log-content=true", "app.producer.template.log-content-max-length=6"))
                .contains("key=secret…");
    }

    @SuppressWarnings("unchecked")
    private String lineFor(String... properties) {
        List<String> lines = new CopyOnWriteArrayList<>();
        runner.withPropertyValues(properties).run(context -> {
            ProducerTemplate<String, Object> template = context.getBean(ProducerTemplate.class);
            try (CapturedLog log = CapturedLog.of(LoggingProducerListener.class)) {
                ProducerRecord<String, Object> record = new ProducerRecord<>("orders", "secret-key", "secret-value");
                context.getBean(LoggingProducerListener.class)
                        .onError(
                                (ProducerRecord<Object, Object>) (ProducerRecord<?, ?>) record,
                                new SendFailedException("p", record, 0, refusal()));
                lines.addAll(log.lines());
            }
            assertThat(template).isNotNull();
        });
        return String.join("\n", lines);
    }

    private static ProducerException refusal() {
        return new ProducerException("refused", FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD), null);
    }

    @Test
    @SuppressWarnings("unchecked")
    void callsEveryHookInItsOrderAndTheFutureLast() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            runner.withPropertyValues(
                            "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                            "app.producer.template.callback-executor=direct")
                    .withUserConfiguration(Hooks.class)
                    .run(context -> {
                        Hooks hooks = context.getBean(Hooks.class);
                        ProducerOperations<String, String> template = context.getBean(ProducerOperations.class);

                        CompletableFuture<SendResult<String, String>> future = template.send("orders", "k", "v");
                        CompletableFuture<Boolean> last = future.thenApply(result -> hooks.told.add("future"));
                        last.get(20, TimeUnit.SECONDS);

                        assertThat(hooks.told)
                                .containsExactly(
                                        "first interceptor sends",
                                        "second interceptor sends",
                                        "first interceptor ends",
                                        "second interceptor ends",
                                        "first listener",
                                        "second listener",
                                        "future");
                    });
        }
    }

    @Test
    void completesOnTheThreadsThatAreNamed() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            ApplicationContextRunner connected =
                    runner.withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers());

            assertThat(threadOf(connected)).startsWith("millrace-callbacks-");
            assertThat(threadOf(connected.withPropertyValues("app.producer.template.callback-executor=direct")))
                    .doesNotStartWith("millrace-callbacks-")
                    .doesNotEndWith("-io");
            assertThat(threadOf(connected
                            .withPropertyValues("app.producer.template.callback-executor=mine")
                            .withBean("mine", Executor.class, () -> task -> new Thread(task, "my-thread").start())))
                    .isEqualTo("my-thread");
        }
    }

    @SuppressWarnings("unchecked")
    private static String threadOf(ApplicationContextRunner runner) {
        List<String> names = new CopyOnWriteArrayList<>();
        runner.run(context -> {
            ProducerOperations<String, String> template = context.getBean(ProducerOperations.class);
            CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");
            future.thenRun(() -> names.add(Thread.currentThread().getName())).get(20, TimeUnit.SECONDS);
        });
        return String.join(",", names);
    }

    @Test
    void refusesAnExecutorThatIsNotThere() {
        runner.withPropertyValues("app.producer.template.callback-executor=nobody")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidProducerPropertiesException.class)
                        .hasMessageContaining("callback-executor")
                        .hasMessageContaining("nobody"));
    }

    @Test
    void customizesFactoriesAndTemplatesLastAndInOrder() {
        runner.withPropertyValues(
                        "app.producer.template.default-topic=property",
                        "app.producer.close-timeout=1s",
                        "app.producer.client-id=property")
                .withUserConfiguration(Customizers.class)
                .run(context -> {
                    assertThat(context.getBean(ProducerTemplate.class).getDefaultTopic())
                            .isEqualTo("first+second");
                    DefaultProducerFactory<?, ?> factory = context.getBean(DefaultProducerFactory.class);
                    assertThat(factory.getCloseTimeout()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(factory.getConfig().clientId()).isEqualTo("config");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Hooks {

        final List<String> told = new CopyOnWriteArrayList<>();

        @Bean
        @Order(2)
        ProducerInterceptor<Object, Object> secondInterceptor() {
            return new Interceptor("second");
        }

        @Bean
        @Order(1)
        ProducerInterceptor<Object, Object> firstInterceptor() {
            return new Interceptor("first");
        }

        @Bean
        @Order(2)
        ProducerListener<String, String> secondListener() {
            return new Listener("second");
        }

        @Bean
        @Order(1)
        ProducerListener<String, String> firstListener() {
            return new Listener("first");
        }

        private final class Listener implements ProducerListener<String, String> {
            private final String name;

            Listener(String name) {
                this.name = name;
            }

            @Override
            public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
                told.add(name + " listener");
                throw new IllegalStateException("changes nothing");
            }
        }

        private final class Interceptor implements ProducerInterceptor<Object, Object> {
            private final String name;

            Interceptor(String name) {
                this.name = name;
            }

            @Override
            public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
                told.add(name + " interceptor sends");
                throw new IllegalStateException("changes nothing");
            }

            @Override
            public void onAcknowledgement(
                    RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
                told.add(name + " interceptor ends");
                throw new IllegalStateException("changes nothing");
            }
        }
    }

    /** A factory nobody has here. */
    abstract static class OtherFactory implements ProducerFactory<String, String> {}

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        ProducerTemplateCustomizer<ProducerTemplate<String, byte[]>> second() {
            return template -> template.setDefaultTopic(template.getDefaultTopic() + "+second");
        }

        @Bean
        @Order(1)
        ProducerTemplateCustomizer<ProducerTemplate<?, ?>> first() {
            return template -> template.setDefaultTopic("first");
        }

        @Bean
        ProducerFactoryCustomizer<DefaultProducerFactory<?, ?>> closesLater() {
            return factory -> factory.setCloseTimeout(factory.getCloseTimeout().plusSeconds(6));
        }

        @Bean
        ProducerFactoryCustomizer<OtherFactory> forAnother() {
            return factory -> {
                throw new AssertionError("called for " + factory.getName());
            };
        }

        @Bean
        ProducerConfigCustomizer config() {
            return builder -> builder.clientId("config");
        }
    }
}
