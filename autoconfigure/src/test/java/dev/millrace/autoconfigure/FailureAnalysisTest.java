package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.ProducerConfigCustomizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

class FailureAnalysisTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    @Test
    void printsEveryViolationAtOnceWithItsOrigin() {
        runner.withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(load("refused.yaml")))
                .run(context -> {
                    FailureAnalysis analysis =
                            analyze(new ProducerConfigFailureAnalyzer(), context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    """
                            The producer's configuration is refused:

                                Property: app.producer.acks
                                Value: "some"
                                Origin: class path resource [refused.yaml] - 4:11
                                Reason: must be all, -1, 1 or 0

                                Property: app.producer.batch-size
                                Value: "3221225472 B"
                                Origin: class path resource [refused.yaml] - 7:17
                                Reason: must be at most 2147483647 B

                                Property: app.producer.close-timeout
                                Value: "-1 ms"
                                Origin: class path resource [refused.yaml] - 8:20
                                Reason: must be at least 0 ms

                                Property: app.producer.bootstrap-servers
                                Value: "broker-1:9092,broker-2"
                                Origin: class path resource [refused.yaml] - 3:24
                                Reason: bad entry 'broker-2': the port is missing; write host:port

                                Property: app.producer.max-in-flight
                                Value: "9"
                                Origin: class path resource [refused.yaml] - 6:20
                                Reason: must be at most 5 unless app.producer.idempotence (enable.idempotence) is set to false

                                Property: app.producer.delivery-timeout
                                Value: "10000 ms"
                                Origin: class path resource [refused.yaml] - 5:23
                                Reason: must be at least linger + request-timeout, which is 30005 ms\
                            """);
                    assertThat(analysis.getAction())
                            .isEqualTo(
                                    """
                            Update your application's configuration. For each property, write a value that fits the \
                            reason, or remove it to get its default:

                                app.producer.acks
                                app.producer.batch-size
                                app.producer.close-timeout
                                app.producer.bootstrap-servers
                                app.producer.max-in-flight
                                app.producer.delivery-timeout\
                            """);
                });
    }

    @Test
    void namesTheEnvironmentVariable() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment", Map.of("APP_PRODUCER_LINGER", "-5"))))
                .run(context -> assertThat(violationOf(context.getStartupFailure()))
                        .isEqualTo(new PropertyViolation(
                                "app.producer.linger",
                                "-5 ms",
                                "\"APP_PRODUCER_LINGER\" from property source \"test-systemEnvironment\"",
                                "must be at least 0 ms")));
    }

    @Test
    void findsTheOriginOfAList() {
        runner.withPropertyValues("app.producer.bootstrap-servers[0]=broker").run(context -> assertThat(
                        violationOf(context.getStartupFailure()).origin())
                .isEqualTo("\"app.producer.bootstrap-servers[0]\" from property source \"test\""));
    }

    @Test
    void blamesTheCustomizerForWhatItSet() {
        runner.withPropertyValues("app.producer.linger=3ms")
                .withBean(ProducerConfigCustomizer.class, () -> builder -> builder.linger(Duration.ofMillis(-3)))
                .run(context -> assertThat(violationOf(context.getStartupFailure()))
                        .isEqualTo(new PropertyViolation(
                                "app.producer.linger",
                                "-3 ms",
                                "a bean of type ProducerConfigCustomizer",
                                "must be at least 0 ms")));
    }

    @Test
    void blamesTheConnectionDetailsForTheirAddresses() {
        runner.withBean(ProducerConnectionDetails.class, NoPort::new)
                .run(context -> assertThat(violationOf(context.getStartupFailure()))
                        .isEqualTo(new PropertyViolation(
                                "app.producer.bootstrap-servers",
                                "broker",
                                "the connection details, a " + NoPort.class.getName(),
                                "bad entry 'broker': the port is missing; write host:port")));
    }

    @Test
    void leavesUnreadableValuesToBoot() {
        runner.withPropertyValues("app.producer.linger=abc").run(context -> {
            assertThat(context).getFailure().hasRootCauseInstanceOf(IllegalArgumentException.class);
            assertThat(context).getFailure().hasStackTraceContaining(BindException.class.getName());
            assertThat(new ProducerConfigFailureAnalyzer().analyze(failure(context.getStartupFailure())))
                    .isNull();
        });
    }

    @Test
    void printsWhichSerializersThereAre() {
        runner.withPropertyValues("app.producer.key-serializer=java.lang.String", "app.producer.value-serializer= jsn ")
                .run(context -> {
                    FailureAnalysis analysis =
                            analyze(new ProducerConfigFailureAnalyzer(), context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    """
                            The producer's configuration is refused:

                                Property: app.producer.key-serializer
                                Value: "java.lang.String"
                                Origin: "app.producer.key-serializer" from property source "test"
                                Reason: the class does not implement the interface of serializers; %1$s

                                Property: app.producer.value-serializer
                                Value: "jsn"
                                Origin: "app.producer.value-serializer" from property source "test"
                                Reason: there is no such class and no built-in serializer of that name; %1$s\
                            """
                                            .formatted("write the name of a class that implements"
                                                    + " dev.millrace.producer.serialization.Serializer, or one of the"
                                                    + " built-in serializers: string, bytes, byteBuffer, shorts,"
                                                    + " integers, longs, floats, doubles, uuid, voids, json"));
                });
    }

    @Test
    void listsTheSerializersAmongWhichNothingDecides() {
        runner.withBean("orders", Serializer.class, Serializers::bytes)
                .withBean("invoices", Serializer.class, Serializers::uuid)
                .run(context -> {
                    FailureAnalysis analysis =
                            analyze(new AmbiguousSerializerFailureAnalyzer(), context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    """
                            The producer's values could be serialized by any of 2 beans:

                                - orders
                                - invoices\
                            """);
                    assertThat(String.valueOf(analysis.getAction()).lines())
                            .containsExactly(
                                    "Do one of the following:",
                                    "",
                                    "    - name the bean for the values producerValueSerializer, or give it that @Qualifier",
                                    "    - name the bean for the keys producerKeySerializer, or give it that @Qualifier",
                                    "    - mark the bean for the values as @Primary",
                                    "    - set app.producer.value-serializer to the class or the built-in name of the serializer");
                });
    }

    @Test
    void listsThePartitionersAmongWhichNothingDecides() {
        runner.withBean("even", Partitioner.class, () -> (record, topic) -> 0)
                .withBean("odd", Partitioner.class, () -> (record, topic) -> 1)
                .run(context -> {
                    FailureAnalysis analysis =
                            analyze(new AmbiguousPartitionerFailureAnalyzer(), context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    """
                            The producer's partitions could be chosen by any of 2 beans:

                                - even
                                - odd\
                            """);
                    assertThat(String.valueOf(analysis.getAction()).lines())
                            .containsExactly(
                                    "Do one of the following:",
                                    "",
                                    "    - mark the bean for the producer as @Primary",
                                    "    - declare the others with @Bean(autowireCandidate = false)");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "zstd, com.github.luben.zstd, com.github.luben:zstd-jni",
        "lz4, net.jpountz, at.yawk.lz4:lz4-java",
        "snappy, org.xerial.snappy, org.xerial.snappy:snappy-java"
    })
    void namesTheLibraryOfACodecThatIsMissing(String type, String codecPackage, String artifact) {
        runner.withPropertyValues("app.producer.compression.type=" + type)
                .withClassLoader(new FilteredClassLoader(codecPackage))
                .run(context -> assertThat(violationOf(context.getStartupFailure()))
                        .isEqualTo(new PropertyViolation(
                                "app.producer.compression.type",
                                type,
                                "\"app.producer.compression.type\" from property source \"test\"",
                                "needs the library " + artifact + ", which is not on the class path; add it, or the"
                                        + " starter, which brings it")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd", "lz4", "snappy"})
    void startsWithACodecThatIsThere(String type) {
        runner.withPropertyValues("app.producer.compression.type=" + type)
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static FailureAnalysis analyze(FailureAnalyzer analyzer, @Nullable Throwable failure) {
        FailureAnalysis analysis = analyzer.analyze(failure(failure));
        if (analysis == null) {
            throw new AssertionError("no analysis", failure);
        }
        return analysis;
    }

    private static PropertyViolation violationOf(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidProducerPropertiesException refusal) {
                assertThat(refusal.getViolations()).hasSize(1);
                return refusal.getViolations().get(0);
            }
        }
        throw new AssertionError("not refused", failure);
    }

    private static Throwable failure(@Nullable Throwable failure) {
        if (failure == null) {
            throw new AssertionError("the context has started");
        }
        return failure;
    }

    private static PropertySource<?> load(String file) {
        try {
            return new YamlPropertySourceLoader()
                    .load(file, new ClassPathResource(file))
                    .get(0);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static final class NoPort implements ProducerConnectionDetails {
        @Override
        public List<String> getBootstrapServers() {
            return List.of("broker");
        }
    }
}
