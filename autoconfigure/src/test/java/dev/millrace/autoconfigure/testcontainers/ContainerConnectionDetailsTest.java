package dev.millrace.autoconfigure.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.autoconfigure.DevBrokerAutoConfiguration;
import dev.millrace.autoconfigure.NamedProducerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.producer.config.HostAndPort;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.lifecycle.TestcontainersLifecycleApplicationContextInitializer;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.boot.testcontainers.service.connection.Ssl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.testcontainers.kafka.ConfluentKafkaContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.redpanda.RedpandaContainer;

/** Containers that are beans with {@code @ServiceConnection}, found in Boot's own way. */
class ContainerConnectionDetailsTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new TestcontainersLifecycleApplicationContextInitializer())
            .withConfiguration(AutoConfigurations.of(
                    ServiceConnectionAutoConfiguration.class,
                    DevBrokerAutoConfiguration.class,
                    NamedProducerAutoConfiguration.class,
                    ProducerAutoConfiguration.class))
            .withPropertyValues("test.address=" + cluster.bootstrapServers());

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @MethodSource("containers")
    void sayWhereTheClusterIs(Class<?> configuration) {
        runner.withUserConfiguration(configuration)
                .withPropertyValues("app.producer.bootstrap-servers=nowhere.invalid:1")
                .run(context -> {
                    assertThat(context).hasSingleBean(ProducerConnectionDetails.class);
                    assertThat(config(context).bootstrapServers()).containsExactly(address());
                    assertThat(config(context).security().protocol()).isEqualTo(SecurityProtocol.PLAINTEXT);
                    send(context);
                });
    }

    static Stream<Class<?>> containers() {
        return Stream.of(Apache.class, Confluent.class, Redpanda.class);
    }

    @Test
    void keepTheDevelopmentBrokerFromBeingStarted() {
        runner.withUserConfiguration(Apache.class).run(context -> {
            assertThat(context).doesNotHaveBean(DevCluster.class);
            send(context);
        });
    }

    @Test
    void areThoseOfNamedProducersToo() {
        runner.withUserConfiguration(Apache.class)
                .withPropertyValues(
                        "app.producer.instance.events.linger=1ms",
                        "app.producer.instance.other.bootstrap-servers=other.invalid:1")
                .run(context -> {
                    assertThat(config(context, "eventsProducerFactory").bootstrapServers())
                            .containsExactly(address());
                    assertThat(config(context, "otherProducerFactory").bootstrapServers())
                            .containsExactly(new HostAndPort("other.invalid", 1));
                });
    }

    /** The properties of production stay in force where a test runs, and its container knows no passwords. */
    @Test
    void leaveOutWhatThePropertiesSayAboutSecurity() {
        runner.withUserConfiguration(Apache.class)
                .withPropertyValues(
                        "app.producer.security.protocol=SASL_SSL",
                        "app.producer.ssl.bundle=of-production",
                        "app.producer.sasl.mechanism=SCRAM-SHA-512",
                        "app.producer.sasl.username=shop",
                        "app.producer.sasl.password=secret")
                .run(context -> {
                    assertThat(config(context).security().protocol()).isEqualTo(SecurityProtocol.PLAINTEXT);
                    assertThat(config(context).security().tls()).isNull();
                    assertThat(config(context).security().sasl()).isNull();
                    send(context);
                });
    }

    @Test
    void useTheBundleOfTheContainer() throws IOException {
        Path authority = Path.of(WithTls.AUTHORITY);
        Files.createDirectories(Objects.requireNonNull(authority.getParent()));
        Files.writeString(authority, DevCertificates.create().authority().certificatePem());

        runner.withUserConfiguration(WithTls.class).run(context -> {
            ProducerConnectionDetails details = context.getBean(ProducerConnectionDetails.class);
            SslBundle bundle = Objects.requireNonNull(details.getSslBundle());
            assertThat(Objects.requireNonNull(bundle.getStores().getTrustStore())
                            .size())
                    .isEqualTo(1);
            assertThat(config(context).security().protocol()).isEqualTo(SecurityProtocol.SSL);
            assertThat(Objects.requireNonNull(config(context).security().tls()).source())
                    .hasToString("SSL bundle 'of the connection details'");
        });
    }

    /** Boot's details of the same container, if the application has its Kafka, too, are beans with a name of their own. */
    @Test
    void haveABeanNameOfTheirOwn() {
        runner.withUserConfiguration(Apache.class)
                .run(context -> assertThat(context.getBeanNamesForType(ProducerConnectionDetails.class))
                        .containsExactly("producerContainerConnectionDetailsForKafka"));
    }

    /** Who tests with Apache's containers has no library for Redpanda's. */
    @Test
    void needTheLibraryOfTheContainerInUseOnly() throws Exception {
        try (URLClassLoader without = new URLClassLoader(
                Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                        .filter(entry -> !entry.contains("testcontainers-redpanda"))
                        .map(ContainerConnectionDetailsTest::url)
                        .toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> without.loadClass("org.testcontainers.redpanda.RedpandaContainer"));
            Thread.currentThread().setContextClassLoader(without);
            Object servers = without.loadClass(WithoutRedpanda.class.getName())
                    .getMethod("serversOfApachesContainer")
                    .invoke(null);
            assertThat(servers).isEqualTo("[there:1]");
        } finally {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(entry, impossible);
        }
    }

    private HostAndPort address() {
        String address = cluster.bootstrapServers();
        int colon = address.lastIndexOf(':');
        return new HostAndPort(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static ProducerConfig config(AssertableApplicationContext context) {
        return config(context, "producerFactory");
    }

    private static ProducerConfig config(AssertableApplicationContext context, String factory) {
        return context.getBean(factory, DefaultProducerFactory.class).getConfig();
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static void send(AssertableApplicationContext context) {
        ProducerTemplate<String, String> template = context.getBean("producerTemplate", ProducerTemplate.class);
        template.send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Configuration(proxyBeanMethods = false)
    static class Apache {

        @Bean
        @ServiceConnection
        KafkaContainer kafka(Environment environment) {
            return new RunningContainers.Apache(environment.getRequiredProperty("test.address"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Confluent {

        @Bean
        @ServiceConnection
        ConfluentKafkaContainer kafka(Environment environment) {
            return new RunningContainers.Confluent(environment.getRequiredProperty("test.address"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Redpanda {

        @Bean
        @ServiceConnection
        RedpandaContainer kafka(Environment environment) {
            return new RunningContainers.Redpanda(environment.getRequiredProperty("test.address"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithTls {

        static final String AUTHORITY = "target/container-connection/authority.pem";

        @Bean
        @ServiceConnection
        @Ssl
        @PemTrustStore(certificate = "file:" + AUTHORITY)
        KafkaContainer kafka(Environment environment) {
            return new RunningContainers.Apache(environment.getRequiredProperty("test.address"));
        }
    }
}
