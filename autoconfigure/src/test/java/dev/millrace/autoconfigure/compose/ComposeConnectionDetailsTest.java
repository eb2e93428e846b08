package dev.millrace.autoconfigure.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.autoconfigure.DevBrokerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Services of a Compose file, registered by Boot's own listener. */
class ComposeConnectionDetailsTest {

    private static final Map<Integer, Integer> PORTS = Map.of(9092, 19999);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DevBrokerAutoConfiguration.class, ProducerAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apache/kafka:4.1.0",
                "apache/kafka-native",
                "bitnami/kafka",
                "bitnamilegacy/kafka:3.9",
                "confluentinc/cp-kafka:8.0.0",
                "confluentinc/confluent-local",
                "docker.redpanda.com/redpandadata/redpanda:v25.1.1",
                "registry.example.com:5000/apache/kafka"
            })
    void sayWhereTheClusterIs(String image) {
        with(Services.service(image, PORTS))
                .withPropertyValues("app.producer.bootstrap-servers=nowhere.invalid:1")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(DevCluster.class);
                    ProducerConnectionDetails details = context.getBean(ProducerConnectionDetails.class);
                    assertThat(details.getBootstrapServers()).containsExactly("127.0.0.1:19999");
                    assertThat(details.getSecurityProtocol()).isEqualTo("PLAINTEXT");
                    assertThat(details.getSslBundle()).isNull();
                    assertThat(details).isInstanceOf(OriginProvider.class);
                    assertThat(config(context.getBean(DefaultProducerFactory.class))
                                    .bootstrapServers())
                            .hasToString("[127.0.0.1:19999]");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"apache/kafka", "confluentinc/cp-kafka", "kafka", "redpanda"})
    void takeALabelForTheImage(String label) {
        with(Services.service(
                        "registry.example.com/team/our-broker:7",
                        PORTS,
                        Map.of(),
                        Map.of("org.springframework.boot.service-connection", label)))
                .run(context -> assertThat(
                                context.getBean(ProducerConnectionDetails.class).getBootstrapServers())
                        .containsExactly("127.0.0.1:19999"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis:8", "confluentinc/cp-schema-registry", "redpandadata/console"})
    void leaveOtherServicesAlone(String image) {
        with(Services.service(image, PORTS))
                .withPropertyValues("app.producer.bootstrap-servers=there:1")
                .run(context -> assertThat(
                                context.getBean(ProducerConnectionDetails.class).getBootstrapServers())
                        .containsExactly("there:1"));
    }

    @Test
    void useTheBundleOfTheLabels() {
        String authority = DevCertificates.create().authority().certificatePem();
        with(Services.service(
                        "apache/kafka",
                        PORTS,
                        Map.of(),
                        Map.of("org.springframework.boot.sslbundle.pem.truststore.certificate", authority)))
                .run(context -> {
                    assertThat(context.getBean(ProducerConnectionDetails.class).getSslBundle())
                            .isNotNull();
                    ProducerConfig config = config(context.getBean(DefaultProducerFactory.class));
                    assertThat(config.security().protocol()).isEqualTo(SecurityProtocol.SSL);
                });
    }

    @Test
    void authenticateIfTheListenerAsksForIt() {
        with(Services.service(
                        "apache/kafka",
                        Map.of(29092, 29092),
                        Map.of("KAFKA_ADVERTISED_LISTENERS", "SASL_PLAINTEXT://localhost:29092"),
                        Map.of()))
                .withPropertyValues(
                        "app.producer.sasl.mechanism=PLAIN",
                        "app.producer.sasl.username=shop",
                        "app.producer.sasl.password=secret")
                .run(context -> assertThat(config(context.getBean(DefaultProducerFactory.class))
                                .security()
                                .protocol())
                        .isEqualTo(SecurityProtocol.SASL_PLAINTEXT));
    }

    @Test
    @SuppressWarnings("unchecked") // the default serializers take text
    void leadToTheCluster() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            String address = cluster.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            with(Services.service("apache/kafka", Map.of(9092, port))).run(context -> {
                ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
                template.send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
            });
        }
    }

    private ApplicationContextRunner with(RunningService service) {
        return runner.withInitializer(context -> Services.register(context, service));
    }

    private static ProducerConfig config(DefaultProducerFactory<?, ?> factory) {
        return factory.getConfig();
    }
}
