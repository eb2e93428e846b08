package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** An application without one of the libraries that are optional starts and sends; the samples really lack most of them. */
class WithoutOptionalLibrariesTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.micrometer",
                "io.micrometer.core",
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "org.springframework.boot.micrometer",
                "org.springframework.transaction",
                "org.springframework.messaging",
                "tools.jackson",
                "org.springframework.boot.testcontainers",
                "org.springframework.boot.docker",
                "org.testcontainers"
            })
    @SuppressWarnings("unchecked") // the default serializers take text
    void startsAndSends(String library) {
        new ApplicationContextRunner()
                .withClassLoader(new WithoutLibrary(library))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                        "app.producer.template.observation-enabled=true",
                        "management.endpoints.web.exposure.include=producers")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
                    template.send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /** Finds our auto-configurations in the way Boot finds them, and not those of libraries that are only half gone. */
    private static final class WithoutLibrary extends FilteredClassLoader {

        WithoutLibrary(String library) {
            super(library);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            Enumeration<URL> found = super.getResources(name);
            return name.endsWith("AutoConfiguration.imports")
                    ? Collections.enumeration(Collections.list(found).stream()
                            .filter(url -> url.getProtocol().equals("file"))
                            .toList())
                    : found;
        }
    }
}
