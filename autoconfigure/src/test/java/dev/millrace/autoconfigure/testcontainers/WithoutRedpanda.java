package dev.millrace.autoconfigure.testcontainers;

import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.kafka.KafkaContainer;

/** An application that is loaded where the library of Redpanda's containers is not on the class path. */
public final class WithoutRedpanda {

    private WithoutRedpanda() {}

    /** What the connection details say. */
    public static String serversOfApachesContainer() {
        List<String> servers = new ArrayList<>();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceConnectionAutoConfiguration.class, ProducerAutoConfiguration.class))
                .withUserConfiguration(WithContainer.class)
                .run(context -> servers.addAll(
                        context.getBean(ProducerConnectionDetails.class).getBootstrapServers()));
        return servers.toString();
    }

    @Configuration(proxyBeanMethods = false)
    static class WithContainer {

        @Bean
        @ServiceConnection
        KafkaContainer kafka() {
            return new RunningContainers.Apache("there:1");
        }
    }
}
