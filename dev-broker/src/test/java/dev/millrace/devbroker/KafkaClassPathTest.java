package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KafkaClassPathTest {
    /** What is on the class path of these tests and is not the broker's: tests, and what makes certificates. */
    private static final List<String> OTHER_LIBRARIES = List.of(
            "netty-",
            "bcprov-",
            "bcpkix-",
            "bcutil-",
            "junit-",
            "assertj-",
            "awaitility",
            "byte-buddy",
            "hamcrest",
            "opentest4j",
            "apiguardian-",
            "jspecify",
            "surefire");

    @Test
    void theListNamesExactlyTheJarsThatTheBuildGivesTheBroker() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Set<String> ofTheBuild = Arrays.stream(classPath.split(File.pathSeparator, -1))
                .map(entry -> KafkaClassPath.artifactOf(Path.of(entry)))
                .filter(artifact -> artifact != null && OTHER_LIBRARIES.stream().noneMatch(artifact::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(KafkaClassPath.artifactIds())
                .as("broker-artifacts.txt")
                .containsExactlyInAnyOrderElementsOf(ofTheBuild);
    }

    @Test
    void findsTheBrokerOnThisClassPathAndNothingElse() {
        List<Path> found = KafkaClassPath.find();

        assertThat(found).anyMatch(path -> path.toString().contains("kafka_2.13-"));
        assertThat(found).noneMatch(path -> path.toString().contains("junit"));
        assertThat(found).hasSize(KafkaClassPath.artifactIds().size() + 1);
    }

    @Test
    void choosesWantedArtifactsOnceAndInOrder() {
        List<Path> entries = List.of(
                Path.of("/repo/logback-classic-1.5.1.jar"),
                Path.of("/repo/kafka-clients-4.3.1.jar"),
                Path.of("/app/classes"),
                Path.of("/other/kafka-clients-3.9.0.jar"),
                Path.of("/repo/kafka_2.13-4.3.1.jar"));

        Map<String, Path> chosen = KafkaClassPath.choose(entries, Set.of("kafka-clients", "kafka_2.13"));

        assertThat(chosen.values())
                .containsExactly(Path.of("/repo/kafka-clients-4.3.1.jar"), Path.of("/repo/kafka_2.13-4.3.1.jar"));
    }

    @Test
    void choosesEachMajorVersionOfALibraryWhoseLinesStandSideBySide() {
        List<Path> entries = List.of(
                Path.of("/repo/jackson-databind-3.1.5.jar"),
                Path.of("/repo/jackson-databind-2.19.4.jar"),
                Path.of("/other/jackson-databind-2.15.0.jar"));

        Map<String, Path> chosen = KafkaClassPath.choose(entries, Set.of("jackson-databind"));

        assertThat(chosen.values())
                .containsExactly(
                        Path.of("/repo/jackson-databind-3.1.5.jar"), Path.of("/repo/jackson-databind-2.19.4.jar"));
    }

    @Test
    void readsTheArtifactIdFromAFileName() {
        assertThat(KafkaClassPath.artifactOf(Path.of("zstd-jni-1.5.6-10.jar"))).isEqualTo("zstd-jni");
        assertThat(KafkaClassPath.artifactOf(Path.of("kafka_2.13-4.3.1.jar"))).isEqualTo("kafka_2.13");
        assertThat(KafkaClassPath.artifactOf(Path.of("slf4j-api-2.0.18.jar"))).isEqualTo("slf4j-api");
        assertThat(KafkaClassPath.artifactOf(Path.of("/app/classes"))).isNull();
    }

    @Test
    void refusesABrokerOfMixedVersions() {
        Map<String, Path> mixed =
                Map.of("kafka_2.13", Path.of("kafka_2.13-4.3.1.jar"), "kafka-raft", Path.of("kafka-raft-4.2.1.jar"));

        assertThatThrownBy(() -> KafkaClassPath.requireOneVersion(mixed))
                .hasMessageContaining("4.2.1=[kafka-raft]")
                .hasMessageContaining("4.3.1=[kafka_2.13]")
                .hasMessageContaining("kafka.version");
        assertThatCode(() -> KafkaClassPath.requireOneVersion(Map.of("kafka_2.13", Path.of("kafka_2.13-4.2.1.jar"))))
                .doesNotThrowAnyException();
    }

    @Test
    @SuppressWarnings(
            "deprecation") // the constructor that does not need Boot's protocol handler has no successor in 17
    void saysWhatToDoInAnExecutableJar() throws Exception {
        URL nested = new URL("jar:file:/srv/app.jar!/BOOT-INF/lib/kafka_2.13-4.3.1.jar!/META-INF/MANIFEST.MF");

        assertThatThrownBy(() -> KafkaClassPath.filesOf(List.of(nested)))
                .hasMessageContaining("executable jar")
                .hasMessageContaining("app.producer.bootstrap-servers");
    }

    @Test
    @SuppressWarnings("deprecation") // as above
    void takesJarFilesFromAClassLoadersResources() throws Exception {
        URL jar = new URL("jar:file:/repo/with%20space/kafka_2.13-4.3.1.jar!/META-INF/MANIFEST.MF");
        URL directory = new URL("file:/app/classes/META-INF/MANIFEST.MF");

        assertThat(KafkaClassPath.filesOf(List.of(directory, jar)))
                .containsExactly(Path.of("/repo/with space/kafka_2.13-4.3.1.jar"));
    }
}
