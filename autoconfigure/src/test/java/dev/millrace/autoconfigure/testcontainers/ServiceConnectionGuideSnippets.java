package dev.millrace.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.Ssl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The Java of docs/guide/service-connections.md. What needs Docker is run by {@link KafkaContainersIT} in the same form. */
final class ServiceConnectionGuideSnippets {

    private ServiceConnectionGuideSnippets() {}

    @SpringBootTest
    @Testcontainers
    static class OrdersTest {

        @Container
        @ServiceConnection
        static final KafkaContainer kafka = new KafkaContainer("apache/kafka:4.1.0");

        @Autowired
        ProducerTemplate<String, String> template;

        @Test
        void sends() {
            assertThat(template.send("orders", "order-17", "placed")
                            .join()
                            .metadata()
                            .hasOffset())
                    .isTrue();
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Containers {

        @Bean
        @ServiceConnection
        KafkaContainer kafka() {
            return new KafkaContainer("apache/kafka:4.1.0");
        }
    }

    static void developmentRun(String... args) {
        SpringApplication.from(ShopApplication::main).with(Containers.class).run(args);
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class SecuredContainers {

        @Bean
        @ServiceConnection
        @Ssl
        @PemTrustStore(certificate = "classpath:kafka/authority.pem")
        KafkaContainer securedKafka() {
            return new SecuredKafkaContainer();
        }
    }

    /** Stands for one that has a listener with TLS. */
    static final class SecuredKafkaContainer extends KafkaContainer {

        SecuredKafkaContainer() {
            super("apache/kafka:4.1.0");
        }
    }

    /** Stands for an application. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ShopApplication {

        public static void main(String[] args) {
            SpringApplication.run(ShopApplication.class, args);
        }
    }
}
