package dev.millrace.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevListener;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.spring.ProducerTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.Ssl;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Tests with a container in a field, as an application's are written; real brokers stand where the containers' would. What real
 * containers do is seen by {@link KafkaContainersIT}, which needs Docker.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServiceConnectionIT {

    private static final String AUTHORITY = "target/service-connection/authority.pem";
    private static final DevCertificates CERTIFICATES = DevCertificates.create();
    private static final DevCluster CLUSTER = DevCluster.builder()
            .startTimeout(Duration.ofMinutes(2))
            .listener("TLS", DevListener.tls(CERTIFICATES.broker()))
            .start();

    static {
        try {
            Files.createDirectories(Objects.requireNonNull(Path.of(AUTHORITY).getParent()));
            Files.writeString(Path.of(AUTHORITY), CERTIFICATES.authority().certificatePem());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @AfterAll
    static void closeCluster() {
        CLUSTER.close();
    }

    @Nested
    @SpringJUnitConfig
    @DirtiesContext // closes the producer before the broker
    @TestPropertySource(properties = "app.producer.bootstrap-servers=nowhere.invalid:1")
    class Plain {

        @ServiceConnection
        static final KafkaContainer KAFKA = new RunningContainers.Apache(CLUSTER.bootstrapServers());

        @Autowired
        private ProducerTemplate<String, String> template;

        @Autowired
        private ProducerConnectionDetails connection;

        @Test
        void sendsToTheContainer() {
            assertThat(connection.getSecurityProtocol()).isEqualTo("PLAINTEXT");
            assertArrives(template, "plain");
        }

        @Configuration(proxyBeanMethods = false)
        @ImportAutoConfiguration(ProducerAutoConfiguration.class)
        static class Application {}
    }

    @Nested
    @SpringJUnitConfig
    @DirtiesContext // closes the producer before the broker
    class WithTls {

        @ServiceConnection
        @Ssl
        @PemTrustStore(certificate = "file:" + AUTHORITY)
        static final KafkaContainer KAFKA = new RunningContainers.Apache(CLUSTER.bootstrapServers("TLS"));

        @Autowired
        private ProducerTemplate<String, String> template;

        @Autowired
        private ProducerConnectionDetails connection;

        @Test
        void sendsToTheContainerWithItsBundle() {
            assertThat(connection.getSecurityProtocol()).isEqualTo("SSL");
            assertArrives(template, "with-tls");
        }

        @Configuration(proxyBeanMethods = false)
        @ImportAutoConfiguration(ProducerAutoConfiguration.class)
        static class Application {}
    }

    private static void assertArrives(ProducerTemplate<String, String> template, String topic) {
        template.send(topic, "key", "value").orTimeout(60, TimeUnit.SECONDS).join();

        assertThat(read(topic)).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("key");
            assertThat(record.value()).isEqualTo("value");
        });
    }

    private static List<ConsumerRecord<String, String>> read(String topic) {
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, CLUSTER.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (System.nanoTime() < end) {
                List<ConsumerRecord<String, String>> records = new ArrayList<>();
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
                if (!records.isEmpty()) {
                    return records;
                }
            }
            return List.of();
        }
    }
}
