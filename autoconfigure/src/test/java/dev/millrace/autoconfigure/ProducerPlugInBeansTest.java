package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.partitioning.RecordView;
import dev.millrace.producer.partitioning.TopicView;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import dev.millrace.testkit.FakeCluster;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;

/** The application's partitioner, interceptors and observers, in a producer that sends. */
class ProducerPlugInBeansTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 3).start();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class))
            .withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
            .withBean("calls", List.class, () -> calls);

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void letsThePartitionerBeanChooseWhateverIsConfigured() {
        runner.withPropertyValues("app.producer.partitioner.type=round-robin")
                .withBean("last", LastPartition.class)
                .run(context -> {
                    for (int i = 0; i < 4; i++) {
                        assertThat(send(context, "v").metadata().partition()).isEqualTo(2);
                    }
                });
    }

    @Test
    void takesThePrimaryPartitionerOfSeveral() {
        runner.withUserConfiguration(TwoPartitioners.class)
                .run(context ->
                        assertThat(send(context, "v").metadata().partition()).isEqualTo(1));
    }

    @Test
    void leavesPartitionersOutThatAreNotMeantForInjection() {
        runner.withBean("first", LastPartition.class)
                .withBean(
                        "other",
                        FirstPartition.class,
                        FirstPartition::new,
                        definition -> definition.setAutowireCandidate(false))
                .run(context ->
                        assertThat(send(context, "v").metadata().partition()).isEqualTo(2));
    }

    @Test
    void asksAllInterceptorsInOrderAndWorksWhenOneThrows() {
        runner.withUserConfiguration(Interceptors.class).run(context -> {
            assertThat(send(context, "v").metadata().hasOffset()).isTrue();
            assertThat(cluster.records("orders")).singleElement().satisfies(record -> assertThat(record.valueText())
                    .isEqualTo("v12"));
            assertThat(calls).containsExactly("acknowledged 1", "acknowledged 2");
        });
    }

    @Test
    void tellsAllObserversInOrderAndWorksWhenOneThrows() {
        runner.withUserConfiguration(Observers.class).run(context -> send(context, "v"));

        assertThat(calls).containsExactly("observed 1: 1", "observed 2: 1");
    }

    @Test
    void leavesTheBeansOpenWhenTheProducerIsRestartedAndClosesThemWithTheContext() {
        runner.withBean("partitioner", LastPartition.class)
                .withUserConfiguration(Interceptors.class)
                .withBean("closing", ClosingInterceptor.class, () -> new ClosingInterceptor(calls))
                .run(context -> {
                    send(context, "a");
                    context.getSourceApplicationContext().stop();
                    assertThat(calls).doesNotContain("closed");
                    context.getSourceApplicationContext().start();

                    assertThat(send(context, "b").metadata().partition()).isEqualTo(2);
                    assertThat(cluster.records("orders", 2))
                            .extracting(record -> String.valueOf(record.valueText()))
                            .containsExactly("a12", "b12");
                    assertThat(calls).doesNotContain("closed");
                });

        assertThat(calls).filteredOn("closed"::equals).hasSize(1);
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static SendResult<String, String> send(AssertableApplicationContext context, String value) {
        ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
        return template.send("orders", value).orTimeout(30, TimeUnit.SECONDS).join();
    }

    static final class LastPartition implements Partitioner<String, String> {
        private volatile boolean isClosed;

        @Override
        public int partition(RecordView<String, String> record, TopicView topic) {
            if (isClosed) {
                throw new IllegalStateException("closed");
            }
            return topic.partitionCount() - 1;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    static final class FirstPartition implements Partitioner<String, String> {
        @Override
        public int partition(RecordView<String, String> record, TopicView topic) {
            return 0;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoPartitioners {

        @Bean
        Partitioner<String, String> zero() {
            return (record, topic) -> 0;
        }

        @Bean
        @Primary
        Partitioner<Object, Object> one() {
            return (record, topic) -> 1;
        }
    }

    /** Registered against their order. */
    @Configuration(proxyBeanMethods = false)
    static class Interceptors {

        @Bean
        @Order(3)
        ProducerInterceptor<String, String> broken() {
            return new ProducerInterceptor<>() {
                @Override
                public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                    throw new IllegalStateException("broken");
                }
            };
        }

        @Bean
        @Order(2)
        ProducerInterceptor<String, String> second(List<String> calls) {
            return new Appending("2", calls);
        }

        @Bean
        @Order(1)
        ProducerInterceptor<String, String> first(List<String> calls) {
            return new Appending("1", calls);
        }
    }

    /** Puts its name behind the value. */
    record Appending(String name, List<String> calls) implements ProducerInterceptor<String, String> {

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            return new ProducerRecord<>(record.topic(), record.value() + name);
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
            calls.add("acknowledged " + name);
        }
    }

    record ClosingInterceptor(List<String> calls) implements ProducerInterceptor<String, String> {
        @Override
        public void close() {
            calls.add("closed");
        }
    }

    /** Registered against their order. */
    @Configuration(proxyBeanMethods = false)
    static class Observers {

        @Bean
        @Order(2)
        ProducerObserver second(List<String> calls) {
            return new Observing("2", calls);
        }

        @Bean
        @Order(1)
        ProducerObserver first(List<String> calls) {
            return new Observing("1", calls);
        }

        @Bean
        @Order(0)
        ProducerObserver broken() {
            return new ProducerObserver() {
                @Override
                public void onClosed(CloseReport report) {
                    throw new IllegalStateException("broken");
                }
            };
        }
    }

    record Observing(String name, List<String> calls) implements ProducerObserver {
        @Override
        public void onClosed(CloseReport report) {
            calls.add("observed " + name + ": " + report.delivered());
        }
    }
}
