package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.ProducerStartupException;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import dev.millrace.spring.UndeliveredRecords;
import dev.millrace.spring.messaging.DefaultRecordConverter;
import dev.millrace.spring.messaging.HeaderPatterns;
import dev.millrace.spring.messaging.MessageProducerTemplate;
import dev.millrace.spring.messaging.ProducerHeaders;
import dev.millrace.spring.messaging.RecordConverter;
import dev.millrace.spring.messaging.Tombstone;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeRecord;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.support.MessageBuilder;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen elsewhere
class FactoryLifecycleTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ProducerAutoConfiguration.class, ProducerMessagingAutoConfiguration.class));

    @Test
    void startsWithoutABrokerUnlessToldToFailFast() throws IOException {
        String nobody = "app.producer.bootstrap-servers=127.0.0.1:" + deadPort();
        runner.withPropertyValues(nobody).run(context -> assertThat(context).hasNotFailed());
        runner.withPropertyValues(nobody, "app.producer.fail-fast=true", "app.producer.startup-timeout=300ms")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ProducerStartupException.class)
                        .hasMessageContaining("within 300 ms")
                        .hasMessageContaining("app.producer.fail-fast"));
    }

    @Test
    void startsWithABrokerIfToldToFailFast() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            runner.withPropertyValues(
                            "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                            "app.producer.fail-fast=true")
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void explainsThatNoBrokerWasThere() {
        FailureAnalysis analysis = Objects.requireNonNull(new ProducerStartupFailureAnalyzer()
                .analyze(new ProducerStartupException("orders", Duration.ofSeconds(1), "connection refused")));

        assertThat(analysis.getDescription()).contains("'orders'", "1000 ms", "connection refused");
        assertThat(analysis.getAction()).contains("bootstrap-servers", "startup-timeout", "fail-fast");
    }

    @Test
    @SuppressWarnings("unchecked")
    void handsOverWhatItCouldNotDeliver() throws IOException {
        List<UndeliveredRecord> taken = new CopyOnWriteArrayList<>();
        runner.withPropertyValues(
                        "app.producer.bootstrap-servers=127.0.0.1:" + deadPort(), "app.producer.close-timeout=0")
                .withBean(UndeliveredRecords.class, () -> (name, records) -> taken.addAll(records))
                .run(context -> {
                    ProducerOperations<String, String> template = context.getBean(ProducerOperations.class);
                    template.send("orders", "k", "v");
                    context.close();
                });

        assertThat(taken).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("orders");
            assertThat(record.value()).isEqualTo(new byte[] {'v'});
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void writesWhatItCouldNotDeliverIntoAFileNobodyElseReads(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("undelivered.jsonl");
        runner.withPropertyValues(
                        "app.producer.bootstrap-servers=127.0.0.1:" + deadPort(),
                        "app.producer.close-timeout=0",
                        "app.producer.undelivered-records.file=" + file)
                .run(context -> {
                    ProducerOperations<String, String> template = context.getBean(ProducerOperations.class);
                    template.record("orders")
                            .key("k")
                            .value("v")
                            .header("h", "x")
                            .send();
                    template.send("orders", null);
                    context.close();
                });

        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"topic\":\"orders\"")
                        && line.contains("\"key\":\"aw==\",\"value\":\"dg==\",\"headers\":[[\"aA==\",\"eA==\"]]}"))
                .anyMatch(line -> line.contains("\"key\":null,\"value\":null,\"headers\":[]}"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    @SuppressWarnings("unchecked")
    void sendsAgainAfterARestartAndAfterAReset() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            runner.withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                    .run(context -> {
                        ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
                        send(template);
                        context.stop();
                        assertThat(context.getBean(DefaultProducerFactory.class).isRunning())
                                .isFalse();
                        context.start();
                        send(template);
                        context.getBean(DefaultProducerFactory.class).reset();
                        send(template);
                    });
            assertThat(cluster.records("orders")).hasSize(3);
        }
    }

    private static void send(ProducerTemplate<String, String> template) throws Exception {
        SendResult<String, String> sent = template.send("orders", "v").get(20, TimeUnit.SECONDS);
        assertThat(sent.metadata().topic()).isEqualTo("orders");
    }

    @Test
    @SuppressWarnings("unchecked")
    void sendsWithLazyInitialization() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            runner.withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                    .withInitializer(context ->
                            context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                    .run(context -> send(context.getBean(ProducerTemplate.class)));
            assertThat(cluster.records("orders")).hasSize(1);
        }
    }

    @Test
    void stopsAfterEverythingElse() {
        runner.run(context -> assertThat(
                        context.getBean(DefaultProducerFactory.class).getPhase())
                .isEqualTo(Integer.MIN_VALUE));
    }

    @Test
    void sendsMessages() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            runner.withPropertyValues(
                            "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                            "app.producer.template.default-topic=orders")
                    .withBean(HeaderPatterns.class, () -> HeaderPatterns.of("x-*"))
                    .run(context -> {
                        MessageProducerTemplate<?, ?> template = context.getBean(MessageProducerTemplate.class);
                        template.send(MessageBuilder.withPayload("v")
                                        .setHeader("x-id", 17)
                                        .setHeader("y", 18)
                                        .build())
                                .get(20, TimeUnit.SECONDS);
                        template.send(MessageBuilder.withPayload(Tombstone.INSTANCE)
                                        .setHeader(ProducerHeaders.KEY, "k")
                                        .build())
                                .get(20, TimeUnit.SECONDS);
                    });
            List<FakeRecord> records = cluster.records("orders");
            assertThat(records).hasSize(2);
            assertThat(records.get(0).headers()).hasSize(1);
            assertThat(records.get(1).value()).isNull();
        }
    }

    @Test
    void convertsMessagesAsTheApplicationSays() {
        RecordConverter mine = new DefaultRecordConverter();
        runner.withBean(RecordConverter.class, () -> mine)
                .run(context -> assertThat(context).hasSingleBean(MessageProducerTemplate.class));
        runner.withBean(
                        "mine",
                        MessageProducerTemplate.class,
                        () -> new MessageProducerTemplate<>(new ProducerTemplate<>(new UnopenedFactory())))
                .run(context -> assertThat(context).hasSingleBean(MessageProducerTemplate.class));
    }

    @Test
    @SuppressWarnings("unchecked")
    void sendsWithoutAnyOfTheOptionalLibraries() {
        for (String absent : List.of(
                "org.springframework.messaging",
                "tools.jackson",
                "org.springframework.transaction",
                "io.micrometer",
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "org.testcontainers")) {
            try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
                runner.withClassLoader(new FilteredClassLoader(absent))
                        .withPropertyValues("app.producer.bootstrap-servers=" + cluster.bootstrapServers())
                        .run(context -> send(context.getBean(ProducerTemplate.class)));
                assertThat(cluster.records("orders")).as(absent).hasSize(1);
            }
        }
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
