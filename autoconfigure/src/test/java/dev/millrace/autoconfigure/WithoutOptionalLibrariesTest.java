package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** An application without one of the libraries that are optional starts and sends. */
class WithoutOptionalLibrariesTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.micrometer.core",
                "io.micrometer.observation.tck",
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "org.springframework.boot.micrometer",
                "org.springframework.transaction",
                "org.springframework.messaging",
                "tools.jackson",
                "org.testcontainers"
            })
    @SuppressWarnings("unchecked") // the default serializers take text
    void startsAndSends(String library) {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader(library))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                        "app.producer.template.observation-enabled=true",
                        "management.endpoints.web.exposure.include=producers,health,metrics",
                        "spring.autoconfigure.exclude=" + DATABASES)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
                    template.send("orders", "v").orTimeout(30, TimeUnit.SECONDS).join();
                });
    }

    /** They are on the class path of other tests only. */
    private static final String DATABASES = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
            + "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
            + "org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
