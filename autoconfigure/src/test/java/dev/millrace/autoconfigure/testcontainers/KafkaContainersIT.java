package dev.millrace.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.spring.ProducerTemplate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.ConfluentKafkaContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.redpanda.RedpandaContainer;

/** Real containers; left out where there is no Docker. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaContainersIT {

    @Nested
    @Testcontainers(disabledWithoutDocker = true)
    @SpringJUnitConfig(Application.class)
    class Apache {

        @Container
        @ServiceConnection
        static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.1.0");

        @Autowired
        private ProducerTemplate<String, String> template;

        @Test
        void sendsToApachesContainer() {
            assertAcknowledged(template);
        }
    }

    @Nested
    @Testcontainers(disabledWithoutDocker = true)
    @SpringJUnitConfig(Application.class)
    class Confluent {

        @Container
        @ServiceConnection
        static final ConfluentKafkaContainer KAFKA = new ConfluentKafkaContainer("confluentinc/cp-kafka:8.0.0");

        @Autowired
        private ProducerTemplate<String, String> template;

        @Test
        void sendsToConfluentsContainer() {
            assertAcknowledged(template);
        }
    }

    @Nested
    @Testcontainers(disabledWithoutDocker = true)
    @SpringJUnitConfig(Application.class)
    class Redpanda {

        @Container
        @ServiceConnection
        static final RedpandaContainer REDPANDA = new RedpandaContainer("redpandadata/redpanda:v25.1.1");

        @Autowired
        private ProducerTemplate<String, String> template;

        @Test
        void sendsToRedpandasContainer() {
            assertAcknowledged(template);
        }
    }

    private static void assertAcknowledged(ProducerTemplate<String, String> template) {
        assertThat(template.send("orders", "value")
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join()
                        .metadata()
                        .topic())
                .isEqualTo("orders");
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ProducerAutoConfiguration.class)
    static class Application {}
}
