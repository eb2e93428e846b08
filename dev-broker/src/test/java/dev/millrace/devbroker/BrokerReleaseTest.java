package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerReleaseTest {
    @ParameterizedTest
    @CsvSource({
        "kafka_2.12-2.1.1.jar, 2.1.1, true",
        "kafka_2.13-2.8.2.jar, 2.8.2, true",
        "kafka_2.13-3.8.1.jar, 3.8.1, true",
        "kafka_2.13-3.9.2.jar, 3.9.2, false",
        "kafka_2.13-4.0.1.jar, 4.0.1, false",
        "kafka_2.13-4.10.0-rc1.jar, 4.10.0-rc1, false"
    })
    void knowsItsVersionAndWhetherItNeedsZooKeeper(String jar, String version, boolean needsZooKeeper) {
        BrokerRelease release = BrokerRelease.among(List.of(Path.of("kafka-clients-9.9.9.jar"), Path.of(jar)));

        assertThat(release.version()).isEqualTo(version);
        assertThat(release.needsZooKeeper()).isEqualTo(needsZooKeeper);
    }

    @Test
    void withoutAFileItIsTheReleaseOfThisClassPath() {
        BrokerRelease release = BrokerRelease.of(null);

        assertThat(release.classPath()).isEqualTo(KafkaClassPath.find());
        assertThat(release.needsZooKeeper()).isFalse();
    }

    @Test
    void readsAClassPathAndPutsTheProgramThatStartsTheBrokerFirst(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("classpath"),
                "/repo/kafka_2.13-2.8.2.jar" + File.pathSeparator + "/repo/zookeeper-3.5.9.jar\n");

        assertThat(BrokerRelease.of(file).classPath())
                .containsExactly(
                        KafkaClassPath.ofThisModule(),
                        Path.of("/repo/kafka_2.13-2.8.2.jar"),
                        Path.of("/repo/zookeeper-3.5.9.jar"));
    }

    @Test
    void saysWhatIsMissing(@TempDir Path directory) {
        assertThatThrownBy(() -> BrokerRelease.of(directory.resolve("none")))
                .isInstanceOf(DevClusterException.class)
                .hasMessageContaining("none")
                .hasMessageContaining("dev-broker/release/pom.xml");
        assertThatThrownBy(() -> BrokerRelease.among(List.of(Path.of("app.jar"))))
                .isInstanceOf(DevClusterException.class)
                .hasMessageContaining("kafka_2.13-<version>.jar");
    }
}
