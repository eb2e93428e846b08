package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application that says nothing about a cluster, with the development broker on its class path. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DevBrokerIT {

    private static final int RECORDS = 100;

    /** Boot would set the loggers up anew and with that detach the captures. */
    @BeforeAll
    static void keepLoggers() {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    }

    @AfterAll
    static void releaseLoggers() {
        System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
    }

    @Test
    void startsABrokerSendsToItAndStopsBoth() throws Exception {
        try (CapturedLog brokerLog = CapturedLog.of(DevBrokerAutoConfiguration.class);
                CapturedLog factoryLog = CapturedLog.of(DefaultProducerFactory.class)) {
            ConfigurableApplicationContext context = run();
            DevCluster cluster = context.getBean(DevCluster.class);
            String address = cluster.bootstrapServers();
            ProducerTemplate<String, String> template = template(context);
            try (context) {
                assertThat(brokerLog.lines())
                        .singleElement()
                        .asString()
                        .startsWith("INFO Started a development broker for the producer: bootstrap-servers=" + address
                                + " nodes=1; ")
                        .contains("app.producer.bootstrap-servers", "app.producer.dev-broker.enabled=false");

                List<SendResult<String, String>> results = IntStream.range(0, RECORDS)
                        .mapToObj(i -> template.send("orders", "key-" + i, "value-" + i))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();

                assertThat(results)
                        .allSatisfy(result ->
                                assertThat(result.metadata().hasOffset()).isTrue());
                assertThat(read(address, "orders", RECORDS))
                        .extracting(ConsumerRecord::value)
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, RECORDS)
                                .mapToObj(i -> "value-" + i)
                                .toList());
            }
            assertThat(factoryLog.lines())
                    .containsExactly("INFO [producer=producerFactory] closed: submitted=100 delivered=100 failed=0");
            assertThat(template.send("orders", "late")).isCompletedExceptionally();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(address));
        }
    }

    @Test
    void putsEveryVariantOnTheWireAsItWasGiven() {
        try (ConfigurableApplicationContext context = run()) {
            ProducerTemplate<String, String> template = template(context);
            String address = context.getBean(DevCluster.class).bootstrapServers();
            Headers headers = Headers.of("source", "web").with("empty", (byte[]) null);

            List<CompletableFuture<SendResult<String, String>>> sends = List.of(
                    template.send("variants", 0, null, null),
                    template.send("variants", 0, "k", null),
                    template.send("variants", 0, null, "v"),
                    template.send(new ProducerRecord<>("variants", 0, 1_700_000_000_000L, "k", "v", headers)));
            sends.forEach(CompletableFuture::join);

            List<ConsumerRecord<String, String>> read = read(address, "variants", sends.size());
            assertThat(read).extracting(ConsumerRecord::key).containsExactly(null, "k", null, "k");
            assertThat(read).extracting(ConsumerRecord::value).containsExactly(null, null, "v", "v");
            assertThat(read).allMatch(record -> record.partition() == 0);
            assertThat(read.get(3).timestamp()).isEqualTo(1_700_000_000_000L);
            assertThat(StreamSupport.stream(read.get(3).headers().spliterator(), false)
                            .map(header -> header.key() + "="
                                    + (header.value() == null ? null : new String(header.value(), UTF_8))))
                    .containsExactly("source=web", "empty=null");
        }
    }

    @Test
    void hasCompletedTheFuturesWhenAFlushReturns() {
        try (ConfigurableApplicationContext context = run("app.producer.linger=1m")) {
            ProducerTemplate<String, String> template = template(context);
            context.getBean(DevCluster.class).createTopic("flushes", 1, 1, Map.of());
            assertThat(template.partitionsFor("flushes").join()).hasSize(1);

            List<CompletableFuture<SendResult<String, String>>> sends = IntStream.range(0, RECORDS)
                    .mapToObj(i -> template.send("flushes", 0, "k", "v"))
                    .toList();
            template.flush();

            assertThat(sends).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void sendsAgainAfterTheContextWasStoppedAndStarted() {
        try (ConfigurableApplicationContext context = run()) {
            ProducerTemplate<String, String> template = template(context);
            template.send("restarts", "before").join();

            context.stop();
            assertThat(template.send("restarts", "stopped")).isCompletedExceptionally();
            context.start();

            template.send("restarts", "after").join();
            assertThat(read(context.getBean(DevCluster.class).bootstrapServers(), "restarts", 2))
                    .extracting(ConsumerRecord::value)
                    .containsExactlyInAnyOrder("before", "after");
        }
    }

    private static ConfigurableApplicationContext run(String... properties) {
        SpringApplication application = new SpringApplication(App.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        return application.run(Stream.of(properties).map("--"::concat).toArray(String[]::new));
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static ProducerTemplate<String, String> template(ConfigurableApplicationContext context) {
        return context.getBean(ProducerTemplate.class);
    }

    /** Reads until the topic has given this many records. */
    private static List<ConsumerRecord<String, String>> read(String address, String topic, int count) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        Instant end = Instant.now().plusSeconds(60);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        address,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "read-" + topic,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (read.size() < count && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
            }
        }
        assertThat(read).hasSize(count);
        return read;
    }

    private static void connect(String address) throws Exception {
        String[] hostAndPort = Objects.requireNonNull(address).split(":", -1);
        try (Socket socket = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]))) {
            throw new AssertionError("still listening: " + socket);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({DevBrokerAutoConfiguration.class, ProducerAutoConfiguration.class})
    static class App {}
}
