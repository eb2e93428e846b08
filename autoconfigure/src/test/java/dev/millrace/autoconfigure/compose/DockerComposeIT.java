package dev.millrace.autoconfigure.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.spring.ProducerTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.junit.jupiter.EnabledIfDockerAvailable;

/** A Compose file that Docker really runs; left out where there is none, or no {@code docker compose}. */
@EnabledIfDockerAvailable
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerComposeIT {

    @Test
    @SuppressWarnings("unchecked") // the default serializers take text
    void sendsToTheService(@TempDir Path directory) throws Exception {
        assumeTrue(hasCompose(), "docker compose");
        Path file = directory.resolve("compose.yaml");
        Files.writeString(
                file,
                """
                services:
                  kafka:
                    image: apache/kafka:4.1.0
                    ports:
                      - "9092:9092"
                """);
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.docker.compose.file=" + file,
                        "spring.docker.compose.skip.in-tests=false",
                        "spring.docker.compose.stop.command=down")
                .run()) {
            ProducerTemplate<String, String> template = context.getBean(ProducerTemplate.class);
            assertThat(template.send("orders", "value")
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .metadata()
                            .topic())
                    .isEqualTo("orders");
        }
    }

    private static boolean hasCompose() throws IOException, InterruptedException {
        Process version = new ProcessBuilder("docker", "compose", "version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return version.waitFor(30, TimeUnit.SECONDS) && version.exitValue() == 0;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ProducerAutoConfiguration.class)
    static class Application {}
}
