package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.security.TlsSources;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.testkit.FakeCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Java of docs/guide/plain-java.md, word for word and run; {@code kafka-1} does not exist, so some is closed at once. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // as on the page
class PlainJavaGuideTest {

    private static final Logger log = LoggerFactory.getLogger(PlainJavaGuideTest.class);

    private static final class Stamp implements ProducerInterceptor<String, String> {}

    @Test
    void sends() throws Exception {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
                Producer<String, String> producer = Producers.open(
                        ProducerConfig.builder()
                                .bootstrapServers(cluster.bootstrapServers())
                                .build(),
                        Serializers.string(),
                        Serializers.string())) {
            send(producer).get(20, TimeUnit.SECONDS);
            close(producer);
            assertThat(cluster.recordCount("orders")).isEqualTo(1);
        }
    }

    private static CompletableFuture<RecordMetadata> send(Producer<String, String> producer) {
        CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>("orders", "order-17", "placed"));
        future.whenComplete((metadata, failure) -> {
            if (failure instanceof ProducerException reason) {
                log.warn("not delivered, {}: {}", reason.recovery(), reason.getMessage());
            }
        });
        return future;
    }

    private static void close(Producer<String, String> producer) {
        CloseReport report = producer.close(Duration.ofSeconds(10));
        report.undelivered().forEach(record -> log.warn("not delivered: {}", record));
    }

    @Test
    void opensWithTheBuilder() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("kafka-1:9092")
                .linger(Duration.ofMillis(20))
                .compression(Compression.LZ4)
                .build();
        Producer<String, String> producer = Producers.builder(config, Serializers.string(), Serializers.string())
                .interceptors(List.of(new Stamp()))
                .open();
        producer.send(new ProducerRecord<>("orders", "v"));
        assertThat(producer.close(Duration.ZERO).undelivered()).hasSize(1);
    }

    @Test
    void opensWithKafkasNames() {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", "kafka-1:9092");
        properties.setProperty("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.setProperty("value.serializer", "string");
        properties.setProperty("linger.ms", "20");
        Producer<String, String> producer = Producers.open(properties);
        producer.send(new ProducerRecord<>("orders", "k", "v"));
        assertThat(producer.close(Duration.ZERO).undelivered()).hasSize(1);
    }

    @Test
    void commits() {
        try (FakeCluster cluster =
                FakeCluster.builder().topic("orders", 1).topic("invoices", 1).start()) {
            transact(cluster.bootstrapServers());
            assertThat(cluster.committedRecords("orders")).hasSize(1);
            assertThat(cluster.committedRecords("invoices")).hasSize(1);
        }
    }

    private static void transact(String bootstrapServers) {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(bootstrapServers)
                .transactionalId("orders-1")
                .build();
        try (TransactionalProducer<String, String> producer = Producers.builder(
                        config, Serializers.string(), Serializers.string())
                .openTransactional()) {
            producer.inTransaction(transaction -> {
                transaction.send(new ProducerRecord<>("orders", "order-17", "shipped"));
                return transaction.send(new ProducerRecord<>("invoices", "order-17", "issued"));
            });
        }
    }

    /** security.md; files are read when a producer is opened. */
    @Test
    void securesAProducer() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("kafka-1:9093")
                .securityProtocol(SecurityProtocol.SSL)
                .tls(TlsSources.builder()
                        .trustPem(Path.of("/etc/kafka/ca.crt"))
                        .keyPem(Path.of("/etc/kafka/tls.key"), Path.of("/etc/kafka/tls.crt"))
                        .build())
                .build();
        assertThat(config.security().protocol()).isEqualTo(SecurityProtocol.SSL);
    }
}
